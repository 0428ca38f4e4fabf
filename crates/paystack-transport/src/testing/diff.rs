//! The difference between two texts, line by line.

use std::fmt::Write;

/// The lines of both texts. `-` precedes lines of the first text, `+` precedes lines of the second, and a space precedes
/// common lines. Time and memory grow with the product of the numbers of lines.
pub(super) fn diff(old: &str, new: &str) -> String {
    let (old, new): (Vec<_>, Vec<_>) = (old.lines().collect(), new.lines().collect());
    // The longest common subsequence of the rest, for each pair of positions.
    let width = new.len().saturating_add(1);
    let mut common = vec![0_usize; old.len().saturating_add(1).saturating_mul(width)];
    let at = |i: usize, j: usize| i.saturating_mul(width).saturating_add(j);
    let get = |common: &[usize], i: usize, j: usize| common.get(at(i, j)).copied().unwrap_or(0);
    for (i, one) in old.iter().enumerate().rev() {
        for (j, other) in new.iter().enumerate().rev() {
            let (next_i, next_j) = (i.saturating_add(1), j.saturating_add(1));
            let longest = match one == other {
                true => get(&common, next_i, next_j).saturating_add(1),
                false => get(&common, next_i, j).max(get(&common, i, next_j)),
            };
            if let Some(cell) = common.get_mut(at(i, j)) {
                *cell = longest;
            }
        }
    }
    let mut shown = String::new();
    let mut write = |sign: char, line: &str| {
        // Writing to a string cannot fail.
        let _ = writeln!(shown, "{sign}{line}");
    };
    let (mut i, mut j) = (0_usize, 0_usize);
    loop {
        let (next_i, next_j) = (i.saturating_add(1), j.saturating_add(1));
        match (old.get(i), new.get(j)) {
            (Some(one), Some(other)) if one == other => {
                write(' ', one);
                (i, j) = (next_i, next_j);
            }
            (Some(one), other)
                if other.is_none() || get(&common, next_i, j) >= get(&common, i, next_j) =>
            {
                write('-', one);
                i = next_i;
            }
            (_, Some(other)) => {
                write('+', other);
                j = next_j;
            }
            (_, None) => return shown,
        }
    }
}

/// The number of lines that differ.
pub(super) fn distance(old: &str, new: &str) -> usize {
    let diff = diff(old, new);
    diff.lines().filter(|line| !line.starts_with(' ')).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changed_lines_are_marked() {
        let shown = diff("a\nb\nc\n", "a\nx\nc\nd\n");
        assert_eq!(shown, " a\n-b\n+x\n c\n+d\n");
        assert_eq!(diff("", "a"), "+a\n");
        assert_eq!(diff("a", ""), "-a\n");
        assert_eq!(distance("a\nb", "b\na"), 2);
    }
}
