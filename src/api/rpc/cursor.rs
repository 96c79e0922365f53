//! Reading along a text: what the query string's little languages have in common.

pub struct Cursor<'a> {
    left: &'a str,
}

impl<'a> Cursor<'a> {
    pub fn new(text: &'a str) -> Self {
        Self { left: text }
    }

    pub fn at_end(&self) -> bool {
        self.left.is_empty()
    }

    pub fn looks_at(&self, text: &str) -> bool {
        self.left.starts_with(text)
    }

    pub fn take(&mut self, text: &str) -> bool {
        match self.left.strip_prefix(text) {
            Some(left) => {
                self.left = left;
                true
            }
            None => false,
        }
    }

    pub fn expect(&mut self, wanted: char) -> Result<(), String> {
        match self.left.chars().next() {
            Some(found) if found == wanted => {
                self.left = &self.left[found.len_utf8()..];
                Ok(())
            }
            Some(found) => Err(format!("Unexpected \"{found}\": a \"{wanted}\" belongs here.")),
            None => Err(format!("Unexpected end: a \"{wanted}\" belongs here.")),
        }
    }

    pub fn skip_spaces(&mut self) {
        self.left = self.left.trim_start_matches([' ', '\t']);
    }

    pub fn rest(&mut self) -> &'a str {
        std::mem::take(&mut self.left)
    }

    fn while_true(&mut self, wanted: impl Fn(char) -> bool) -> &'a str {
        let end = self.left.find(|c| !wanted(c)).unwrap_or(self.left.len());
        let (taken, left) = self.left.split_at(end);
        self.left = left;
        taken
    }

    /// Letters and underscores: an operator.
    pub fn word(&mut self) -> &'a str {
        self.while_true(|c| c.is_ascii_alphabetic() || c == '_')
    }

    /// A name: letters, digits, `_`, `$`, spaces and single dashes within, or anything in double quotes.
    pub fn name(&mut self) -> Result<String, String> {
        self.skip_spaces();
        if self.looks_at("\"") {
            return self.quoted();
        }
        let mut name = String::new();
        loop {
            name.push_str(self.while_true(|c| c.is_alphanumeric() || matches!(c, '_' | '$' | ' ')));
            if self.looks_at("-") && !self.looks_at("->") {
                self.take("-");
                name.push('-');
            } else {
                break;
            }
        }
        match name.trim_end() {
            "" => Err("A name belongs here: letters, digits, _ or $, or anything in double quotes.".to_owned()),
            name => Ok(name.to_owned()),
        }
    }

    /// A whole number, of a JSON array's element; no array has more than fit 32 bits.
    pub fn index(&mut self) -> Option<i32> {
        let digits_from = usize::from(self.left.starts_with('-'));
        let end = self.left[digits_from..]
            .find(|c: char| !c.is_ascii_digit())
            .map_or(self.left.len(), |end| end + digits_from);
        let after = self.left[end..].chars().next();
        if after.is_some_and(|c| c.is_alphanumeric() || c == '_') {
            return None;
        }
        let index = self.left[..end].parse().ok()?;
        self.left = &self.left[end..];
        Some(index)
    }

    /// `"…"`, with a backslash before a quote or a backslash.
    pub fn quoted(&mut self) -> Result<String, String> {
        self.expect('"')?;
        let mut text = String::new();
        let mut chars = self.left.char_indices();
        while let Some((at, c)) = chars.next() {
            match c {
                '"' => {
                    self.left = &self.left[at + 1..];
                    return Ok(text);
                }
                '\\' => text.extend(chars.next().map(|(_, escaped)| escaped)),
                c => text.push(c),
            }
        }
        Err("A double quote is not closed.".to_owned())
    }

    /// Values between brackets, separated by commas, each plain or in double quotes.
    pub fn list(&mut self, open: char, close: char) -> Result<Vec<String>, String> {
        self.expect(open)?;
        let mut values = Vec::new();
        let closing = close.to_string();
        if self.take(&closing) {
            return Ok(values);
        }
        loop {
            let value = if self.looks_at("\"") {
                self.quoted()?
            } else {
                self.while_true(|c| c != ',' && c != close).to_owned()
            };
            values.push(value);
            if self.take(&closing) {
                return Ok(values);
            }
            self.expect(',')?;
        }
    }

    /// A value inside a logic tree: quoted, an array in braces, or up to the next comma or bracket.
    pub fn tree_value(&mut self) -> Result<String, String> {
        if self.looks_at("\"") {
            return self.quoted();
        }
        if self.looks_at("{") {
            let mut depth = 0;
            let end = self.left.find(|c| {
                depth += i32::from(c == '{') - i32::from(c == '}');
                depth == 0
            });
            let (taken, left) = self.left.split_at(end.ok_or("A brace is not closed.")? + 1);
            self.left = left;
            return Ok(taken.to_owned());
        }
        Ok(self.while_true(|c| c != ',' && c != ')').to_owned())
    }
}
