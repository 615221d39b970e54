"""The pages and the program say the same."""

from __future__ import annotations

import inspect
import re
from importlib import import_module
from pathlib import Path

import pytest

from srgan.cli.main import COMMANDS, Command

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


def section(command: Command) -> str:
    page = (ROOT / "docs/reference/cli.md").read_text("utf-8")
    parts = re.split(r"^## ", page, flags=re.MULTILINE)
    found = [part for part in parts if part.startswith(f"`srgan {command.name}")]
    assert len(found) == 1, f"docs/reference/cli.md needs one section '## `srgan {command.name}'"
    return found[0]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_reference_has_every_command_and_option(command: Command) -> None:
    text = section(command)
    module, name = command.function.split(":")
    parameters = inspect.signature(getattr(import_module(module), name)).parameters.values()
    options = {
        f"--{p.name.replace('_', '-')}"
        for p in parameters
        if p.default is not p.empty or p.kind is p.KEYWORD_ONLY
    }
    described = set(re.findall(r"^\| `(--[a-z-]+)`", text, flags=re.MULTILINE))
    assert described == options


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for target in LINK.findall(page.read_text("utf-8")):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        goal = (page.parent / path).resolve() if path else page
        assert goal.exists(), f"{page}: {target}"
        assert goal.is_relative_to(ROOT), f"{page}: {target}"
        if anchor and goal.suffix == ".md":
            assert anchor in anchors(goal), f"{page}: {target}"


def anchors(page: Path) -> set[str]:
    titles = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def test_every_page_is_reached_from_the_index() -> None:
    index = (ROOT / "docs/README.md").read_text("utf-8") + (ROOT / "docs/decisions/README.md").read_text(
        "utf-8"
    )
    for page in ROOT.glob("docs/**/*.md"):
        assert page.name == "README.md" or page.name in index, f"{page}: no link in docs/README.md"


def test_architecture_draws_the_layers_that_are_held() -> None:
    import tomllib

    page = (ROOT / "docs/explanation/architecture.md").read_text("utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    layers = project["tool"]["importlinter"]["contracts"][0]["layers"]
    assert "\n".join(layers) in page
