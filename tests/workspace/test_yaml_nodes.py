"""A file means what it seems to say, whatever somebody puts into it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from funnelctl.core.nodes import Node
from funnelctl.workspace import yaml_nodes
from funnelctl.workspace.yaml_nodes import MAX_BYTES, load_nodes


def plain(node: Node | None) -> Any:
    """The values without their places."""
    value = node.value if node is not None else None
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return value


def read(text: str) -> Any:
    """The value of a file in which nothing is wrong."""
    root, problems = load_nodes(text.encode())
    assert problems == []
    return plain(root)


def complaints(data: bytes | str) -> list[str]:
    _, problems = load_nodes(data.encode() if isinstance(data, str) else data)
    return [f"{problem.line}:{problem.column}: {problem.message}" for problem in problems]


@pytest.mark.parametrize(
    ("scalar", "value"),
    [
        ("no", "no"),
        ("No", "No"),
        ("yes", "yes"),
        ("on", "on"),
        ("y", "y"),
        ("True", "True"),
        ("NULL", "NULL"),
        ("true", True),
        ("false", False),
        ("null", None),
        ("~", None),
        ("", None),
        ('""', ""),
        ("14", 14),
        ("-3", -3),
        ("0", 0),
        ("010", "010"),
        ("0x1f", "0x1f"),
        ("0o17", "0o17"),
        ("1_000", "1_000"),
        ("+1", "+1"),
        ("0.4", 0.4),
        ("-0.25", -0.25),
        (".5", ".5"),
        ("5.", "5."),
        ("1e3", "1e3"),
        (".inf", ".inf"),
        (".nan", ".nan"),
        ("22:22", "22:22"),
        ("1:30:00", "1:30:00"),
        ("2026-11-23", "2026-11-23"),
        ("2026-13-45", "2026-13-45"),
        ("2026-11-23T10:00:00Z", "2026-11-23T10:00:00Z"),
        ("=", "="),
        ("<<", "<<"),
        ("40%", "40%"),
        ("'0.4'", "0.4"),
        ('"true"', "true"),
        ("9" * 5000, "9" * 5000),
        ("1" * 400 + ".0", "1" * 400 + ".0"),
    ],
)
def test_only_what_json_would_type_is_typed(scalar: str, value: object) -> None:
    found = read(f"key: {scalar}")["key"]
    assert found == value
    assert type(found) is type(value)


def test_blocks_are_text() -> None:
    assert read("a: |\n  14\nb: >-\n  true\n") == {"a": "14\n", "b": "true"}


def test_keys_that_yaml_takes_for_something_else_are_text() -> None:
    assert read("on: 1\nno: 2\n2026-11-23: 3\n") == {"on": 1, "no": 2, "2026-11-23": 3}


def test_every_node_and_key_knows_its_place() -> None:
    root, problems = load_nodes(b"# first\n\na: 1\nlist:\n  - {b: x, c: [y]}\n")
    assert problems == []
    assert root is not None
    assert (root.line, root.column) == (3, 1)
    assert root.keys == {"a": (3, 1), "list": (4, 1)}
    assert isinstance(root.value, dict)
    assert root.value["a"] == Node(1, 3, 4)
    assert root.value["list"] == Node(
        [
            Node(
                {"b": Node("x", 5, 9), "c": Node([Node("y", 5, 16)], 5, 15)},
                5,
                5,
                {"b": (5, 6), "c": (5, 12)},
            )
        ],
        5,
        3,
    )


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_counted_as_editors_count_them(end: str) -> None:
    assert complaints(f"a: 1{end}b: 2{end}a: 3{end}") == ['3:1: the key "a" is here twice; the first is in line 1']


def test_a_byte_order_mark_is_no_column() -> None:
    assert complaints(b"\xef\xbb\xbfa: 1\na: 2\n") == ['2:1: the key "a" is here twice; the first is in line 1']
    assert read("\ufeffa: 1") == {"a": 1}


# The YAML of somebody who is careless, and of somebody who means harm: what is said, and where.
HOSTILE: dict[str, tuple[bytes | str, list[str]]] = {
    "an empty file": (b"", ["1:1: the file is empty"]),
    "comments only": ("# nothing\n", ["2:1: the file is empty"]),
    "equal keys": ("a: 1\nb: 2\nd:\n  c: 1\n  c: 2\n", ['5:3: the key "c" is here twice; the first is in line 4']),
    "an anchor and an alias": (
        "a: &x [1]\nb: *x\n",
        [
            "1:4: the anchor &x is not read; leave it out",
            "2:4: the alias *x is not read; write the value out",
        ],
    ),
    "an alias to nothing": ("b: *x\n", ["1:4: the alias *x is not read; write the value out"]),
    "an alias to itself": (
        "&a [*a]\n",
        [
            "1:1: the anchor &a is not read; leave it out",
            "1:5: the alias *a is not read; write the value out",
        ],
    ),
    "an alias as a key": ("*a : 1\n", ["1:1: the alias *a is not read; write the value out"]),
    "a merge": (
        "a: &a {x: 1}\nb:\n  <<: *a\n",
        [
            "1:4: the anchor &a is not read; leave it out",
            "3:7: the alias *a is not read; write the value out",
        ],
    ),
    "a tag that makes an object": (
        "a: !!python/object/apply:os.system [id]\n",
        ['1:4: the tag "tag:yaml.org,2002:python/object/apply:os.system" is not read; leave it out'],
    ),
    "a tag of one's own": ("a: !mine x\n", ['1:4: the tag "!mine" is not read; leave it out']),
    "a tag on the document": (
        "!!map {a: 1}\n",
        ['1:1: the tag "tag:yaml.org,2002:map" is not read; leave it out'],
    ),
    "a tag without its handle": ("a: !e!x y\n", ["1:4: not valid YAML: found undefined tag handle '!e!'"]),
    "two documents": ("a: 1\n---\nb: 2\n", ["2:1: a second document starts here; a file holds one"]),
    "keys that are no text": (
        "1: a\ntrue: b\n~: c\n? [x]\n: d\n? {y: z}\n: e\n",
        [
            "1:1: a key must be a text, found the number 1",
            "2:1: a key must be a text, found true",
            "3:1: a key must be a text, found nothing",
            "4:3: a key must be a text, found a list",
            "6:3: a key must be a text, found keys with values",
        ],
    ),
    "lists without end": (b"[" * 5000, ["1:21: nested too deeply; at most 20 levels are read"]),
    "a deep list after shallow ones": (
        "[" + "[[]], " * 30 + "[" * 20,
        ["1:201: nested too deeply; at most 20 levels are read"],
    ),
    "mappings without end": (b"{a: " * 5000, ["1:81: nested too deeply; at most 20 levels are read"]),
    "dashes without end": (b"- " * 5000, ["1:41: nested too deeply; at most 20 levels are read"]),
    "a huge file": (
        b"a: " + b"x" * MAX_BYTES,
        ["1:1: the file is larger than the 65536 bytes that are read"],
    ),
    "Latin-1": (
        "a: 1\nwhy: calificación\n".encode("latin-1"),
        ["2:16: not UTF-8 text (byte 0xf3); save the file as UTF-8"],
    ),
    "UTF-16": ("a: 1".encode("utf-16"), ["1:1: not UTF-8 text (byte 0xff); save the file as UTF-8"]),
    "half a character": (b'a: "\xed\xa0\x80"', ["1:5: not UTF-8 text (byte 0xed); save the file as UTF-8"]),
    "a NUL": (b"a: b\0c\n", ["1:5: the control character U+0000, which cannot be seen"]),
    "an ESC": (
        "a: 1\nb: \x1b[31mred\x1b[0m\n",
        ["2:4: the control character U+001B, which cannot be seen"],
    ),
    "an ESC by escape": (
        'a: "\\e[31mred"\n',
        ["1:4: the text holds the control character U+001B, which cannot be seen"],
    ),
    "a NUL in a key": (
        '"a\\0": 1\n',
        ["1:1: the text holds the control character U+0000, which cannot be seen"],
    ),
    "half a character by escape": (
        'a: "\\ud800"\n',
        ["1:4: the text holds the control character U+D800, which cannot be seen"],
    ),
    "a character beyond Unicode": (
        'a: 1\nb: "\\UFFFFFFFF"\n',
        ["2:7: not valid YAML: what stands before this cannot be read"],
    ),
    "text that is turned round": (
        "a: \u202eabc\n",
        ["1:4: the control character U+202E, which cannot be seen"],
    ),
    "a line end that editors do not count": (
        "a: x\u2028y\na: 1\n",
        [
            "1:5: the control character U+2028, which cannot be seen",
            '2:1: the key "a" is here twice; the first is in line 1',
        ],
    ),
    "a tab for indentation": ("a:\n\tb: 1\n", ["2:1: not valid YAML: a tab; indent with spaces"]),
    "a colon in a text": (
        "a: 1\nwhy: The seller: he sells\n",
        ["2:16: not valid YAML: a ':' where none may be; put a text that contains ': ' in quotes"],
    ),
    "a quote left open": ('a: "b\n', ["2:1: not valid YAML: the file ends within a text in quotes"]),
    "a bracket left open": (
        "a: [1,\n",
        ["2:1: not valid YAML: expected the node content, but found '<stream end>'"],
    ),
    "a key without a colon": ("a: 1\nb\nc: 2\n", ["3:1: not valid YAML: a key without its ':'"]),
    "an indentation that does not fit": (
        "a:\n  b: 1\n c: 2\n",
        ["3:2: not valid YAML: this does not continue what stands above; is it indented as it should be?"],
    ),
    "a character that YAML keeps for itself": (
        "a: @home\n",
        ["1:4: not valid YAML: a text cannot begin with this character; put it in quotes"],
    ),
    "another version": (
        "%YAML 3.0\n---\na: 1\n",
        ["1:1: not valid YAML: found incompatible YAML document (version 1.* is required)"],
    ),
}


@pytest.mark.parametrize(("data", "expected"), HOSTILE.values(), ids=HOSTILE)
def test_hostile_yaml(data: bytes | str, expected: list[str]) -> None:
    assert complaints(data) == expected


def test_a_bomb_of_aliases_stays_as_small_as_its_file() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)]
    root, problems = load_nodes("\n".join(lines).encode())
    assert len(problems) == 10 + 9 * 9
    assert plain(root)["a9"] == [None] * 9


def test_problems_are_told_at_once_in_order_of_place() -> None:
    assert complaints('a: &x "\\e"\na: !t 1\n1: \x07\n') == [
        "1:4: the anchor &x is not read; leave it out",
        "1:4: the text holds the control character U+001B, which cannot be seen",
        '2:1: the key "a" is here twice; the first is in line 1',
        '2:4: the tag "!t" is not read; leave it out',
        "3:1: a key must be a text, found the number 1",
        "3:4: the control character U+0007, which cannot be seen",
    ]


def test_what_was_refused_is_left_in_the_tree_for_further_checks() -> None:
    root, _ = load_nodes(b"a: 1\na: 2\nb: *x\nc: &y z\n5: q\n")
    assert plain(root) == {"a": 1, "b": None, "c": "z"}


def test_the_largest_file_is_read() -> None:
    root, problems = load_nodes(b"a: " + b"x" * (MAX_BYTES - 3))
    assert problems == []
    assert plain(root) == {"a": "x" * (MAX_BYTES - 3)}


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.binary(), st.text().map(str.encode), st.text("ab:-[]{}&*!|>'\"?#%@`,\\Ux0\n \t").map(str.encode)))
@example(b"%YAML " + b"1" * 5000 + b".1")
@example(b"a: !<tag:\xc3")
@example(b"a: !<%ff> x")
def test_any_bytes_give_a_tree_or_problems_with_their_place(data: bytes) -> None:
    root, problems = load_nodes(data)
    assert root is not None or problems
    lines = len(data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n"))
    for problem in problems:
        assert 1 <= problem.line <= lines
        assert isinstance(problem.column, int)
        assert problem.column >= 1


scalars = [
    "a",
    "key",
    "x y",
    "1",
    "0.5",
    "true",
    "~",
    "''",
    "'q'",
    '"d"',
    '"\\u00e9"',
    "'a''b'",
    "é",
    "a #b",
    "a#b",
    '"a\\',
]
flows = ["[a, b]", "[]", "{a: 1}", "{a:1}", "{a}", "[a:b]", "{}", ",", "]", "}", "a: b", "a:b", "- a"]
signs = [
    "|",
    ">",
    "|-",
    ">-",
    "|#c",
    "#c",
    "- ",
    "? ",
    ": ",
    ":",
    "-",
    "*x",
    "&y z",
    "!t v",
    "%",
    "@",
    "`",
    "\t",
    "...",
    "---",
]
pieces = st.sampled_from([*scalars, *flows, *signs, " ", ""])
beginnings = st.sampled_from(["", "  ", "    ", "- ", "  - ", "\t", "? "])
keys = st.sampled_from(["", "", "a: ", "b: ", "a:", "c:\t", "'k': ", '"k" : ', "k : ", "[a]: ", "1: ", "a?: "])


@given(st.lists(st.tuples(beginnings, keys, pieces, st.just("") | pieces).map("".join), min_size=1, max_size=6))
@example(["a: >-", "  b", "", "  c"])
@settings(max_examples=500)
def test_the_quick_reader_says_what_the_other_one_does(lines: list[str]) -> None:
    text = "\n".join(lines)
    found, problems = load_nodes(text.encode())
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(yaml_nodes, "_quickly", lambda text: None)
        expected = load_nodes(text.encode())
    assert (found, problems) == expected


@pytest.mark.parametrize(
    "file", sorted(Path(__file__).parents[2].glob("[fp][ur][ne]*s/*.yaml")), ids=lambda file: file.stem
)
def test_the_files_that_come_with_it_are_read_quickly(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert yaml_nodes._quickly(text)
    assert not yaml_nodes._TOLD_APART.search(text)
