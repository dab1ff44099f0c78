"""The line of every key in a TOML document, however odd the document is written."""

import tomllib

from hypothesis import given
from hypothesis import strategies as st

from bot.rules.toml_lines import lines_of

ODD = '''# [[rule]] in a comment
default = "a # [[rule]]" # and one behind it
"aud\\u0069tors" = [
  "x", # ] not the end
  """
[[rule]]
name = 1
""", '[[rule]]',
]

[[rule]] # first
name = """one
[[rule]]
\\""" still
"""
'effect' = \'\'\'
[[rule]]\'\'\'
who . x = 1

  [[ "rule" ]]
name = "two"
  commands = [ [ "]" ], { a = "}" } ]
reason = """"quoted""""
[rule.sub]
name = "not the rule's"
[other]
name = "nor this"
[[rule]]
[[rule]]
name = "four"'''


def test_nothing_in_texts_comments_and_lists_is_taken_for_a_line_of_its_own():
    assert len(tomllib.loads(ODD)["rule"]) == 4
    lines = lines_of(ODD, "rule")
    assert lines.top == {"default": 2, "auditors": 3, "other": 26}
    assert lines.tables == [
        (11, {"name": 12, "effect": 16, "who": 18}),
        (20, {"name": 21, "commands": 22, "reason": 23, "sub": 24}),
        (28, {}),
        (29, {"name": 30}),
    ]


def test_windows_line_ends_count_once():
    assert lines_of(ODD.replace("\n", "\r\n"), "rule") == lines_of(ODD, "rule")


def test_what_is_not_there_is_told_by_what_is_around_it():
    lines = lines_of(ODD, "rule")
    assert (lines.of(1, "who"), lines.of(1), lines.of(None, "rule"), lines.of(7, "x")) == (20, 20, 1, 1)


# --- generated documents: the line at which each thing was written is known ---

gaps = st.lists(st.sampled_from(["", "  ", "# [[rule]]", "\t# name = '", '# """']), max_size=2)
values = st.sampled_from(
    [
        '"plain"', "'its'", '"[[rule]] # no"', '"""\n[[rule]]\nname = 2\n"""', "'''\n# '\n[[rule]]'''",
        '[\n"a", # ]\n\n[ "]" ],\n]', "{ a = '}', b = [1, 2] }", "1", '"\\"#"', '"""\\"""\n#"""', '"\\\\"', "[]",
        '"""""two"""', "''''one'''", '"""a""""', "1979-05-27T07:32:00Z",
    ]
)  # fmt: skip
keys = st.sampled_from(
    [("name", "name"), ("who", '"who"'), ("effect", "'effect'"), ("at", '"\\u0061t"'), ("e", "e .f")]
)
spaces = st.sampled_from(["", " ", "\t"])
ends = st.sampled_from(["", " # [[rule]]", "\t#\"'"])


@st.composite
def bodies(draw) -> list[tuple[str, str]]:
    """Statements of one table: (name, text), with gaps in between that have no name."""
    found: list[tuple[str, str]] = [("", gap) for gap in draw(gaps)]
    for name, written in draw(st.lists(keys, max_size=4, unique_by=lambda key: key[0])):
        before, equals, after = draw(spaces), draw(spaces), draw(spaces)
        found.append((name, f"{before}{written}{equals}={after}{draw(values)}{draw(ends)}"))
        found += [("", gap) for gap in draw(gaps)]
    return found


headers = st.sampled_from(["[[rule]]", " [[ rule ]]", '[["rule"]]', "[[rule]] # [[rule]]", "[[ 'rule']]"])


@given(bodies(), st.lists(st.tuples(headers, bodies()), max_size=4), st.sampled_from(["\n", "\r\n"]))
def test_every_key_of_every_generated_document_is_found_where_it_was_written(top, tables, end):
    line, parts = 1, list[str]()

    def written(body: list[tuple[str, str]]) -> dict[str, int]:
        nonlocal line
        found = {}
        for name, text in body:
            if name:
                found[name] = line
            parts.append(text)
            line += text.count("\n") + 1
        return found

    expected_top, expected = written(top), []
    for header, body in tables:
        at = line
        written([("", header)])
        expected.append((at, written(body)))
    text = "\n".join(parts).replace("\n", end)
    assert len(tomllib.loads(text).get("rule", [])) == len(tables)
    lines = lines_of(text, "rule")
    assert (lines.top, lines.tables) == (expected_top, expected)


@given(st.text(alphabet="[]{}\"'#=.\n\\ rule", max_size=60))
def test_whatever_tomllib_reads_has_as_many_rules_here(text: str):
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    rules = found.get("rule")
    if isinstance(rules, list) and all(isinstance(rule, dict) for rule in rules):
        assert len(lines_of(text, "rule").tables) in {0, len(rules)}  # 0: written in one line
    assert set(lines_of(text, "rule").top) | {"rule"} == set(found) | {"rule"}
