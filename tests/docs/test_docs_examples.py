"""Every example of the documentation and of the README runs and prints what is shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.examples import ROOT, Command, Page, blocks, commands

PAGES = sorted([*ROOT.glob("docs/*.md"), *ROOT.glob("README.md")])


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_examples(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    page = Page(tmp_path)
    for block in blocks(path.read_text("utf-8"), path.relative_to(ROOT).as_posix()):
        page.run(block)


TEXT = """\
```python
>>> a = 1
>>> a
1
```
Text.

<!-- file: b.txt -->
```yaml
b: 2
```

```python
from pathlib import Path
seen = Path("b.txt").read_text()
```

<!-- skip -->
```python
raise SystemExit
```
"""


def test_blocks_run_in_order_and_share_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    page = Page(tmp_path)
    found = list(blocks(TEXT, "page.md"))
    assert [block.place for block in found] == [f"page.md:{line}" for line in (1, 9, 13, 19)]
    for block in found:
        page.run(block)
    assert page.names["a"] == 1
    assert page.names["seen"] == "b: 2\n"


@pytest.mark.parametrize(
    "body",
    [
        "```python\n>>> 1\n2\n```\n",
        "```python\nassert False\n```\n",
        "```console\n$ tumen no-such-command\n```\n",
        "```console\n$ tumen --help\nno such line\n```\n",
        "<!-- exit: 2 -->\n```console\n$ tumen --help\n```\n",
    ],
)
def test_a_wrong_example_is_noticed(body: str, tmp_path: Path) -> None:
    (block,) = blocks(body, "page.md")
    with pytest.raises(AssertionError):
        Page(tmp_path).run(block)


def test_console_blocks_are_split_at_the_prompt() -> None:
    body = "$ tumen run a \\\n    --json\n{\n...\n$ make demo\n"
    assert list(commands(body)) == [
        Command(["tumen", "run", "a", "--json"], "{\n...\n"),
        Command(["make", "demo"], ""),
    ]
