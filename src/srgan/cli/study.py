"""``srgan study``: people asked which enlargement is better, from the pictures to the report."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from srgan.cli.lines import complain, say

if TYPE_CHECKING:
    from srgan.study.design import Design

__all__ = ["export", "new", "power", "raters", "report", "serve", "verify"]

_SECONDS = 5  # that a rating takes, about


def new(
    name: Path,
    *,
    methods: Annotated[list[str], Parameter(negative=(), consume_multiple=True)],
    reference: Annotated[list[Path], Parameter(negative=(), consume_multiple=True)],
    lr: Path | None = None,
    calibration: Path | None = None,
    preset: str = "acr",
    set: Annotated[list[str] | None, Parameter(name="--set", negative=(), consume_multiple=True)] = None,  # noqa: A002 (as people type it)
    store: str | None = None,
    threads: int | None = None,
) -> None:
    """Make a study: a folder with its design, its pictures under names that tell nothing, and its votes.

    For instance: srgan study new holiday --methods swift results/other --reference Set5

    Nearest, bicubic and the hidden original are added. All is checked before anything is written.

    Args:
        name: Folder of the study.
        methods: What is compared: folders with the results of any tool, models (srgan models), .onnx files,
            or nearest, bicubic, lanczos. NAME=WHAT gives it another name; raters see none.
        reference: Folders of sets, as for srgan evaluate --on, or of originals.
        lr: With one --reference: the folder of its low-resolution pictures; otherwise those beside the
            originals are taken, or made from them by MATLAB's bicubic.
        calibration: A folder with originals of other pictures, to show raters the ends of the scale by.
        preset: How is asked: acr, acr-hr, dcr, ccr, pairwise, or srgan-paper for the paper's own test.
        set: Change the design, KEY=VALUE: seed=7, per_rater=200, title="Which is better?".
        store: Keep the votes in this database, postgresql://USER:PASSWORD@HOST/NAME, not in a file.
        threads: Processor threads for models; otherwise one a core.
    """
    from srgan.study.gathering import Wish
    from srgan.study.making import new_study
    from srgan.study.planning import undecided
    from srgan.study.presets import find_preset

    wish = Wish(
        place=name,
        methods=tuple(methods),
        references=tuple(reference),
        preset=find_preset(preset),
        lr=lr,
        calibration=calibration,
        changes=tuple(set or ()),
        store=store,
        threads=threads,
    )
    folder = new_study(wish, say)
    say(_summary(folder.design))
    for line in undecided(folder.design):
        say(line)
    say(f"written: {name}; look at {name / 'study.toml'}, then: srgan study serve {name}")


def serve(
    name: Path,
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    token: str | None = None,
    joining: bool | None = None,
) -> None:
    """Let raters take part, in their browsers, until Ctrl-C. Votes are kept one by one.

    Args:
        name: Folder of the study.
        host: Address to listen on; 0.0.0.0 lets others in the network in, and needs --token.
        port: Port to listen on; 0: any that is free.
        token: The owner's password for the page with links and progress.
        joining: Let whoever has the address take part, not only who has a link of their own; --no-joining
            does not. By default only on this machine.
    """
    from srgan.study.folder import StudyFolder
    from srgan.study.server import serve as serve_study

    serve_study(StudyFolder(name), host=host, port=port, token=token, joining=joining, say=say)


def raters(
    name: Path,
    *,
    add: int = 0,
    called: Annotated[list[str] | None, Parameter(negative=(), consume_multiple=True)] = None,
    renew: str | None = None,
    delete: str | None = None,
    address: str = "http://127.0.0.1:8000",
) -> None:
    """List raters and how far they are, make links for more, or delete one with all their votes.

    A link is shown once: only a hash of its secret is kept. Who lost theirs gets another by --renew.

    Args:
        name: Folder of the study.
        add: Make links for so many raters.
        called: Names for them, to tell them apart in this list; they are personal data, and not needed.
        renew: Make another link for this rater; the old one opens nothing any more.
        delete: Delete this rater and all that was stored about them.
        address: Where the study is served, for the links.
    """
    from srgan.errors import UsageError
    from srgan.study.folder import StudyFolder
    from srgan.study.order import trials_of
    from srgan.study.store import Store

    if delete is not None and (add or called or renew is not None):
        raise UsageError("--delete stands alone; make links in another command")
    if add < 0 or (called and add not in (0, len(called))):
        raise UsageError("--add takes a number from 1 on, and as many --called names, if any")
    folder = StudyFolder(name)
    store = Store(folder.store_url)
    try:
        if delete is not None:
            say(f"{delete}: deleted, with {store.delete_rater(delete)} votes")
            return
        made = [store.renew(renew)] if renew is not None else []
        names: list[str | None] = [*(called or [None] * add)]
        made += [store.add_rater(each) for each in names]
        for rater in made:
            say(f"{rater.rater}  {rater.name or ''}  {address.rstrip('/')}/#{rater.secret}")
        if made:
            return
        for rater in store.raters():
            done, every = len(store.answered(rater.rater)), len(trials_of(folder.design, rater.number))
            say(f"{rater.rater}  {done:5d} of {every} trials  {rater.name or ''}".rstrip())
    finally:
        store.close()


def report(
    name: Path,
    *,
    output: Annotated[Path | None, Parameter(name=["--output", "-o"])] = None,
    figures: Path | None = None,
    overwrite: Annotated[bool, Parameter(negative=())] = False,
) -> None:
    """Say what the votes say: a page to look at, tables, and a dataset for sureal.

    Args:
        name: Folder of the study.
        output: Folder to write to; by default the folder report in the study's.
        figures: JSON of srgan evaluate on the same pictures, to correlate its metrics with the raters.
        overwrite: Replace an older report.
    """
    from srgan.study.folder import StudyFolder
    from srgan.study.report import write_report

    for path in write_report(StudyFolder(name), output, figures=figures, overwrite=overwrite):
        say(f"written: {path}")


def export(
    name: Path,
    *,
    csv: Path | None = None,
    json: Path | None = None,
    sureal: Path | None = None,
    overwrite: Annotated[bool, Parameter(negative=())] = False,
) -> None:
    """Write the votes to files that other programs read. Raters are pseudonyms, their names are not in it.

    Args:
        name: Folder of the study.
        csv: One line a vote.
        json: The same, with what was noted about raters.
        sureal: A dataset file of Netflix's sureal.
        overwrite: Replace these files if they exist.
    """
    from srgan.cli.outputs import check_outputs, write_text
    from srgan.errors import UsageError
    from srgan.study.folder import StudyFolder
    from srgan.study.reporting.files import votes_csv
    from srgan.study.store import Store
    from srgan.study.sureal import as_sureal
    from srgan.study.votes_json import votes_json

    if csv is json is sureal is None:
        raise UsageError("name a file to write: --csv FILE, --json FILE or --sureal FILE")
    check_outputs({"--csv": csv, "--json": json, "--sureal": sureal}, overwrite=overwrite)
    folder = StudyFolder(name)
    store = Store(folder.store_url)
    try:
        store.check_design(folder.design.digest)
        votes, events = tuple(store.votes()), tuple(store.events())
    finally:
        store.close()
    design = folder.design
    write_text(csv, lambda: votes_csv(votes), overwrite=overwrite)
    write_text(json, lambda: votes_json(design, votes, events), overwrite=overwrite)
    write_text(sureal, lambda: as_sureal(votes, design), overwrite=overwrite)


def verify(name: Path, *, head: str | None = None) -> int:
    """Check that no vote was changed, taken out or moved, and that design and pictures are as they were.

    Args:
        name: Folder of the study.
        head: The last hash, as this command showed it earlier: the chain must still hold it.
    """
    from srgan.study.folder import StudyFolder
    from srgan.study.store import Store

    folder = StudyFolder(name)
    store = Store(folder.store_url)
    try:
        chain, registered = store.verify(head), store.registered()
    finally:
        store.close()
    faults = [*chain.faults, *folder.check_pictures()]
    if registered is not None and registered != folder.design.digest:
        faults.append(f"{name / 'study.toml'}: is not the design that the votes were given under")
    for fault in faults:
        complain(fault)
    gone = f", {chain.deleted} of deleted raters" if chain.deleted else ""
    say(f"{chain.rows} rows{gone}; {'all as written' if not faults else f'{len(faults)} faults'}")
    say(f"head    {chain.head}")
    say(f"design  {folder.design.digest}")
    return 1 if faults else 0


def power(
    difference: float,
    *,
    spread: float = 1.0,
    alpha: float = 0.05,
    power: float = 0.8,
    comparisons: int = 1,
    raters: int | None = None,
    pictures: int | None = None,
) -> None:
    """Say how many raters, or pictures, a difference in mean opinion score needs.

    Args:
        difference: In points of the scale.
        spread: Standard deviation of the difference from one rater, or picture, to the next; with --raters
            and --pictures that of a single rating's difference.
        alpha: Chance of finding a difference where there is none, over all comparisons.
        power: Chance of finding this one; not with --raters, which ask for it.
        comparisons: How many pairs of methods are tested.
        raters: With --pictures: the chance of finding it with so many, both by chance from many.
        pictures: With --raters.
    """
    from srgan.errors import UsageError
    from srgan.study.power import Spread, needed
    from srgan.study.power import power as chance_of

    if (raters is None) != (pictures is None):
        raise UsageError("--raters and --pictures belong together")
    try:
        if raters is not None and pictures is not None:
            parts = Spread().scaled(spread)
            found = chance_of(difference, raters, pictures, parts, alpha=alpha, comparisons=comparisons)
            say(f"{raters} raters, {pictures} pictures: found in {found:.0%} of studies")
            return
        need = needed(difference, spread, alpha=alpha, power=power, comparisons=comparisons)
    except ValueError as error:
        raise UsageError(str(error)) from error
    say(
        f"{need.student} raters (or pictures), paired, find a difference of {difference:g} in {power:.0%} of "
        f"studies, at a level of {need.level:.2g} (t test; {need.normal} by the normal distribution)"
    )


def _summary(design: Design) -> str:
    from srgan.study.order import trials_of

    trials = trials_of(design, 0)
    ratings = sum(trial.kind == "test" for trial in trials)
    minutes = round(len(trials) * _SECONDS / 60)
    part = "" if ratings == design.tests else f" of {design.tests:,} in all"
    blocks = len({trial.block for trial in trials if trial.kind != "calibration"})
    return (
        f"{ratings:,} ratings a rater{part}; with calibration, repeats and the like {len(trials):,} trials "
        f"in {blocks} {'block' if blocks == 1 else 'blocks'}, about {minutes} minutes"
    )
