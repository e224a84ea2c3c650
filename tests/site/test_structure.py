"""Each structural fault of a page is found in a page that is otherwise sound."""

import pytest

from orchestration.release.site_check.reading import read_page

SOUND = """<!doctype html><html lang="en"><head><title>T</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src 'self'">
<meta name="viewport" content="width=device-width">
</head><body><main>
<h1>H</h1><div role="region" tabindex="0" aria-label="L"><table><caption>C</caption>
<thead><tr><th scope="col">A</th></tr></thead><tbody><tr><td>1</td></tr></tbody></table></div>
</main></body></html>"""


def faults(source: str) -> list[str]:
    return list(read_page(source.encode(), "en/x.html").faults)


def test_a_sound_page_has_no_fault() -> None:
    assert faults(SOUND) == []


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        ('lang="en"', "", "no language"),
        ("<title>T</title>", "<title></title>", "no title"),
        ("default-src 'none'", "default-src *", "no content security policy"),
        ("img-src 'self'", "img-src https:", "no content security policy"),
        ("img-src 'self'", "style-src 'unsafe-inline'", "no content security policy"),
        ('<meta name="viewport" content="width=device-width">', "", "no viewport"),
        ("<h1>H</h1>", "<h1>H</h1><h1>I</h1>", "not exactly one h1"),
        ("<main>", "<main></main><main>", "not exactly one main"),
        ("<h1>H</h1>", "<h1>H</h1><h3>I</h3>", "a heading skips a level"),
        ("<h1>H</h1>", '<h1 id="a">H</h1><p id="a">P</p>', "id a twice"),
        ("<h1>H</h1>", '<h1>H</h1><p aria-labelledby="b">P</p>', "refers to the missing id b"),
        ("<h1>H</h1>", '<h1>H</h1><svg><path fill="url(#c)"/></svg>', "refers to the missing id c"),
        ("<td>1</td>", "<td>None</td>", "prints None"),
        ("<caption>C</caption>", "", "a table has no caption"),
        ('<th scope="col">', "<th>", "a head of a table has no scope"),
        ('<th scope="col">', '<th scope="all">', "a head of a table has no scope"),
        ("<td>1</td>", "<td>1</td><td>2</td>", "a row of a table has not 1 cells"),
        (
            "<td>1</td>",
            '<td class="number">1</td>',
            "a cell for numbers prints a number without its exact value",
        ),
        ('tabindex="0"', "", "a table stands in no region that scrolls by keyboard"),
        ('aria-label="L"', "", "a region that scrolls has no name"),
        ("<h1>", '<h1 style="color:red">', "style inside the page"),
        ("</head>", "<style>p{}</style></head>", "style inside the page"),
        ("</head>", "<script>1</script></head>", "script inside the page"),
        ("<h1>", '<h1 onclick="x()">', "script inside the page"),
    ],
)
def test_each_fault_is_found(old: str, new: str, finding: str) -> None:
    assert old in SOUND
    assert faults(SOUND.replace(old, new, 1)) == [finding]


def test_an_empty_file_is_a_fault() -> None:
    assert faults("") == ["is empty."]
