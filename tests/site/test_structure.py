"""Each structural fault of a page is found in a page that is otherwise sound."""

import pytest

from orchestration.release.site_check.drawings import drawing_faults
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
        (
            "<h1>H</h1>",
            '<h1>H</h1><svg><path fill="url(https://example.org/a.svg#c)"/></svg>',
            "paints with url(https://example.org/a.svg#c)",
        ),
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
        *(
            (old, new, f"leads elsewhere by <{tag}> in a way that no check follows")
            for old, new, tag in (
                ("</head>", '<meta http-equiv="refresh" content="0;url=https://example.org"></head>', "meta"),
                ("</head>", '<base href="../"></head>', "base"),
                ("<td>1</td>", '<td><a href="a.html" ping="https://example.org/">1</a></td>', "a"),
                ("<td>1</td>", '<td><img alt="" srcset="https://example.org/a.png 2x"></td>', "img"),
                ("<td>1</td>", '<td><iframe title="x" srcdoc="<p>1</p>"></iframe></td>', "iframe"),
                ("<td>1</td>", '<td><svg><set attributeName="href" to="//x.org/"/></svg></td>', "set"),
            )
        ),
    ],
)
def test_each_fault_is_found(old: str, new: str, finding: str) -> None:
    assert old in SOUND
    assert faults(SOUND.replace(old, new, 1)) == [finding]


ADDRESSES = (
    '<video src="{}" poster="{}"></video>',
    '<audio><source src="{}"></audio>',
    '<form action="{}"><button formaction="{}">B</button></form>',
    '<blockquote cite="{}">Q</blockquote>',
    '<svg><image href="{}"/><use xlink:href="{}"/></svg>',
    '<object data="{}"></object>',
    '<track src="{}"><area href="{}">',
)


@pytest.mark.parametrize("element", ADDRESSES)
def test_every_attribute_with_an_address_is_followed(element: str) -> None:
    count = element.count("{}")
    given = [f"https://example.org/{number}" for number in range(count)]
    page = read_page(SOUND.replace("</main>", f"{element.format(*given)}</main>").encode(), "en/x.html")
    assert sorted(page.addresses) == given


DRAWING = """<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">
<defs><pattern id="p"/></defs><!-- a remark --><rect fill="url(#p)"/><use href="#p"/></svg>"""


def test_a_sound_drawing_has_no_fault() -> None:
    assert list(drawing_faults(DRAWING.encode())) == []


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        ("<defs>", "<script>1</script><defs>", "holds <script>, which is no part of a drawing."),
        ("<defs>", "<image/><defs>", "holds <image>, which is no part of a drawing."),
        ("<defs>", "<foreignObject/><defs>", "holds <foreignObject>, which is no part of a drawing."),
        ("<defs>", "<a/><defs>", "holds <a>, which is no part of a drawing."),
        ("<rect ", '<rect onload="x()" ', "runs what stands in onload."),
        ('href="#p"', 'href="https://example.org/a.svg#p"', "loads https://example.org/a.svg#p."),
        ('href="#p"', 'xlink:href="a.svg#p"', "loads a.svg#p."),
        ("url(#p)", "url(https://example.org/#p)", "loads url(https://example.org/#p)."),
        ("<svg ", "<?xml-stylesheet href='a.css'?><svg ", "holds the instruction xml-stylesheet."),
        ("<svg ", "<!DOCTYPE svg SYSTEM 'a.dtd'><svg ", "declares a document type."),
    ],
)
def test_each_fault_of_a_drawing_is_found(old: str, new: str, finding: str) -> None:
    assert old in DRAWING
    assert list(drawing_faults(DRAWING.replace(old, new, 1).encode())) == [finding]


def test_a_broken_drawing_is_a_fault() -> None:
    assert next(drawing_faults(b"<svg>")).startswith("cannot be read as SVG")


def test_an_empty_file_is_a_fault() -> None:
    assert faults("") == ["is empty."]
