/** Names of HTML attributes, and of the properties that hast has for them, and their values in both. */

/** Properties whose value is a list of words in hast. Source: the property-information package. */
const LISTS = new Set(["className", "rel", "ping", "headers", "sizes", "htmlFor", "itemProp", "itemType", "itemRef"]);

const ATTRIBUTES = { className: "class", htmlFor: "for", acceptCharset: "accept-charset", httpEquiv: "http-equiv" };
const PROPERTIES = Object.fromEntries(Object.entries(ATTRIBUTES).map(([property, name]) => [name, property]));

/** `ariaLabel` → `aria-label`, `dataFooBar` → `data-foo-bar`, `className` → `class`. */
export function attributeName(property) {
  if (Object.hasOwn(ATTRIBUTES, property)) return ATTRIBUTES[property];
  if (/^aria[A-Z]/.test(property)) return `aria-${property.slice(4).toLowerCase()}`;
  if (/^data[A-Z\d]/.test(property)) return `data${property.slice(4).replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}`;
  return property.toLowerCase();
}

/** `aria-label` → `ariaLabel`, `data-foo-bar` → `dataFooBar`, `class` → `className`. */
export function propertyName(attribute) {
  if (Object.hasOwn(PROPERTIES, attribute)) return PROPERTIES[attribute];
  return /^(aria|data)-/.test(attribute) ? attribute.replace(/-([a-z\d])/g, (_, c) => c.toUpperCase()) : attribute;
}

/** What an attribute with this value is in hast. */
export function propertyValue(property, value) {
  if (!LISTS.has(property)) return value;
  return value.split(/\s+/).filter(Boolean);
}

/** What a property stands for in HTML: a string, or `null` for no attribute. */
export function attributeValue(value) {
  if (value === true) return "";
  if (typeof value === "string" || typeof value === "number") return String(value);
  if (Array.isArray(value)) return value.join(" ");
  return null;
}
