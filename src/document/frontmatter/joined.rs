//! YAML whose quoted and bracketed values go on at the margin. `PyYAML`, `libyaml` and `js-yaml`, which the generators use, read
//! it; the parser here holds to YAML 1.2, section 8.1, and wants such lines indented. Decides how to lay them out for it.

/// `yaml` with every quoted or bracketed value on one line, each byte where it was; `None` where nothing is to be joined.
pub(super) fn joined(yaml: &str) -> Option<String> {
    let mut joiner = Joiner { bytes: yaml.as_bytes().to_vec(), at: 0, joined: false };
    while joiner.at < joiner.bytes.len() {
        joiner.line()?;
    }
    joiner.joined.then(|| String::from_utf8(joiner.bytes).ok()).flatten()
}

struct Joiner {
    bytes: Vec<u8>,
    at: usize,
    joined: bool,
}

impl Joiner {
    fn byte(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn is_blank_at(&self, at: usize) -> bool {
        self.bytes.get(at).is_none_or(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'))
    }

    fn blanks(&mut self) -> usize {
        let start = self.at;
        while matches!(self.byte(), Some(b' ' | b'\t')) {
            self.at += 1;
        }
        self.at - start
    }

    fn skip_line(&mut self) {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        self.at = memchr::memchr(b'\n', rest).map_or(self.bytes.len(), |end| self.at + end + 1);
    }

    /// Reads a line, and those that its last value goes on to; `None` where a value has no end.
    fn line(&mut self) -> Option<()> {
        let indent = self.blanks();
        loop {
            self.blanks();
            match self.byte() {
                Some(b'-') if self.is_blank_at(self.at + 1) => {
                    self.at += 1;
                    continue;
                }
                Some(b'"' | b'\'' | b'[' | b'{') => self.value()?,
                Some(b'|' | b'>') => {
                    self.block(indent);
                    return Some(());
                }
                _ => {}
            }
            if !self.find_value() {
                self.skip_line();
                return Some(());
            }
        }
    }

    /// Goes on to where the next value of the line may begin, behind `: `.
    fn find_value(&mut self) -> bool {
        while let Some(byte) = self.byte() {
            self.at += 1;
            match byte {
                b'\n' => {
                    self.at -= 1;
                    return false;
                }
                b':' if self.is_blank_at(self.at) => return true,
                b' ' | b'\t' if self.byte() == Some(b'#') => return false,
                _ => {}
            }
        }
        false
    }

    /// Passes over a block scalar, whose lines are indented by more than `indent`.
    fn block(&mut self, indent: usize) {
        self.skip_line();
        while self.at < self.bytes.len() {
            let start = self.at;
            let deeper = self.blanks() > indent || matches!(self.byte(), Some(b'\n' | b'\r'));
            if !deeper {
                self.at = start;
                break;
            }
            self.skip_line();
        }
    }

    /// Passes over the quoted or bracketed value that begins here and puts it on one line.
    fn value(&mut self) -> Option<()> {
        let start = self.at;
        let mut depth = 0_usize;
        let mut fresh = true;
        let mut comments = Vec::new();
        loop {
            let byte = self.byte()?;
            match byte {
                b'"' | b'\'' if fresh => self.quoted(byte)?,
                b'[' | b'{' => depth += 1,
                b']' | b'}' => depth = depth.checked_sub(1)?,
                b'#' if self.is_blank_at(self.at.checked_sub(1)?) => {
                    let from = self.at;
                    self.skip_line();
                    comments.push(from..self.at);
                    self.at -= 1;
                }
                _ => {}
            }
            fresh = matches!(byte, b'[' | b'{' | b',' | b':' | b' ' | b'\t' | b'\n' | b'\r');
            self.at += 1;
            if depth == 0 {
                break;
            }
        }
        let value = self.bytes.get_mut(start..self.at)?;
        if memchr::memchr(b'\n', value).is_some() {
            self.joined = true;
            let ends = value.iter_mut().filter(|byte| matches!(byte, b'\n' | b'\r'));
            ends.for_each(|byte| *byte = b' ');
            for comment in comments {
                self.bytes.get_mut(comment)?.fill(b' ');
            }
        }
        Some(())
    }

    /// Passes over a string in quotes, up to its closing one.
    fn quoted(&mut self, quote: u8) -> Option<()> {
        loop {
            self.at += 1;
            match self.byte()? {
                b'\\' if quote == b'"' => self.at += 1,
                byte if byte == quote && quote == b'\'' && self.bytes.get(self.at + 1) == Some(&quote) => self.at += 1,
                byte if byte == quote => return Some(()),
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_put_on_one_line() {
        for (yaml, expected) in [
            ("a: \"b\nc\"\nd: e\n", Some("a: \"b c\"\nd: e\n")),
            ("a: 'it''s\r\nb'\n", Some("a: 'it''s  b'\n")),
            ("a: [b,\nc]\n", Some("a: [b, c]\n")),
            ("a: [b, # \"x]\nc]\n", Some("a: [b,       c]\n")),
            ("- \"a\nb\"\n- - 'c\nd'\n", Some("- \"a b\"\n- - 'c d'\n")),
            ("\"a\": {b: \"}\n\"}\n", Some("\"a\": {b: \"} \"}\n")),
            ("a: \"\\\"\nb\"\n", Some("a: \"\\\" b\"\n")),
            (
                "a: it's\nb: 5\" c\nd: |\n  \"x\n\n  'y\ne: [f,\ng]\n",
                Some("a: it's\nb: 5\" c\nd: |\n  \"x\n\n  'y\ne: [f, g]\n"),
            ),
            ("a: b # it: \"c\nd: [e]\n", None),
            ("a: \"b\nc\n", None),
            ("a: [b]]\n", None),
            ("", None),
        ] {
            assert_eq!(joined(yaml).as_deref(), expected, "{yaml:?}");
            assert!(joined(yaml).is_none_or(|joined| joined.len() == yaml.len()));
        }
    }
}
