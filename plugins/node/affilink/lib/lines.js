import { StringDecoder } from "node:string_decoder";

/**
 * Calls `onLine` for each line of a stream, as soon as it is whole, without its end.
 *
 * @param {NodeJS.ReadableStream} stream
 * @param {(line: string) => void} onLine
 */
export function eachLine(stream, onLine) {
  const decoder = new StringDecoder("utf8");
  let parts = [];
  stream.on("data", (chunk) => {
    const pieces = decoder.write(chunk).split("\n");
    parts.push(pieces[0]);
    for (let at = 1; at < pieces.length; at++) {
      onLine(parts.join(""));
      parts = [pieces[at]];
    }
  });
}
