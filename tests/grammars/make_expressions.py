#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""make_expressions.py > expressions.json: which texts Python's `re` matches as a whole, with ASCII classes.

Each case is [pattern, [texts that match], [texts that do not]]. The texts are random, made of the characters of the pattern
and a few others, and shortened or changed matches of others."""
import json
import random
import re

PATTERNS = [
    "", "a", "abc", "a*", "a+b?", "(ab)*", "(?:a|bc)+", "a{2}", "a{2,}", "a{0,2}b{1,3}", "(a|b){3}c", "[abc]+", "[^ab]+", "[a-c]{2}",
    r"\d+", r"\d{1,3}(\.\d+)?", r"\w+\s\w+", r"\W\S\D", r"-?(0|[1-9]\d*)", ".", ".*b", "a.c", r"a\.c", r"\(a\)", r"[]a]+", r"[^]a]+",
    r"[a-]+", r"[\]\\-]+", r"\x41\u0042", "(a|)b", "(|a|b)", "(a*)*", "(a*b*)*c", "(a+)+b", "a??b", "a*?b+?", "((a|b)(c|d))+",
    "[é-ü]+", "[^é]", "日本?", "[ぁ-ん]{1,2}", ".{2}", "😀|😁", "[😀-😏]a", "[^\\x00-\\x7f]+", r"[\u0100-\uffff]", "^ab$",
    r"\d{4}-(0[1-9]|1[0-2])", "(x{2}y){2}", "a|b|c|d", "(a|ab)(c|bcd)", "[a\\d]{2}", r"[\s]+", r"[^\d\s]+", "\\n|\\t|\\r", "a{3,5}?",
]


def texts_for(pattern, random_):
    letters = sorted(set(re.sub(r"[\\(){}\[\]|*+?^$]", "", pattern)) | set("ab1 -.c\n") | set("é日😀"))
    found = {""}
    for _ in range(400):
        found.add("".join(random_.choice(letters) for _ in range(random_.randrange(1, 9))))
    for text in list(found):
        for _ in range(3):
            if text:
                at = random_.randrange(len(text))
                found.add(text[:at] + text[at + 1:])
                found.add(text[:at] + text[at] + text[at:])
    found.update((pattern.replace("\\", ""), "日本", "日", "éü", "üé", "ぁん", "AB", "AxB", "2024-01", "xxyxxy", "word\tword", ". -", "Ab"))
    for piece in ("a", "b", "ab", "abc", "aab", "12", "1.5", "-7", "007", "2024-11", "2024-13", "word word", "AB", "acbd", "xxyxxy", "abcd"):
        found.update((piece, piece * 2, piece + "c", piece + "b"))
    return sorted(found)


def main():
    random_ = random.Random(1)
    cases = []
    for pattern in PATTERNS:
        compiled = re.compile(pattern, re.ASCII)
        texts = texts_for(pattern, random_)
        yes = [text for text in texts if compiled.fullmatch(text)]
        no = [text for text in texts if not compiled.fullmatch(text)]
        assert yes and no, pattern
        cases.append([pattern, random_.sample(yes, min(len(yes), 12)), random_.sample(no, min(len(no), 24))])
    print("[\n" + ",\n".join(json.dumps(case, ensure_ascii=True) for case in cases) + "\n]")


if __name__ == "__main__":
    main()
