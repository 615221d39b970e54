"""The desk between raters and the store: it asks each in order, and takes an answer once."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from functools import lru_cache

from srgan.errors import StudyError
from srgan.study.blind import PADDING_MINIMUM, blind_png, opaque_id
from srgan.study.design import Design
from srgan.study.folder import StudyFolder
from srgan.study.messages import Asked, Ballot, Note, Progress, Receipt, SessionView, StudyView
from srgan.study.order import known_answer
from srgan.study.orders import Orders
from srgan.study.session import place_of
from srgan.study.standing import RaterKey, Standing
from srgan.study.store import Store
from srgan.study.terms import Stimulus, Trial, Vote
from srgan.study.wording import CONSENT
from srgan.web.errors import Refusal

__all__ = ["Desk"]

_RATERS_IN_MEMORY = 1024


class Desk:
    """Everything that the server does, without HTTP; safe from several threads as the store is."""

    def __init__(self, folder: StudyFolder, store: Store, key: bytes) -> None:
        self._folder = folder
        self._design = folder.design
        self._store = store
        self._key = key
        self._study = _study_view(folder.design)
        self._orders = Orders(folder.design, store)
        self._total = lru_cache(None)(self._count)
        self._frame = lru_cache(_RATERS_IN_MEMORY)(self._widest)
        self._size = lru_cache(None)(folder.size)
        self._length = lru_cache(None)(self._longest)
        self._joining = threading.Lock()

    def join(self) -> RaterKey:
        """Let a new rater in whom the owner asks."""
        return self._store.add_rater()

    def join_unasked(self, most: int) -> RaterKey:
        """Let in who came by without a link.

        Args:
            most: raters of this study in all; more come by links only.

        Raises:
            Refusal: 429, there are so many.
        """
        with self._joining:
            if self._store.count() >= most:
                raise Refusal(429, "this study has as many raters as it takes; ask its owner for a link")
            return self._store.add_rater()

    def rater(self, secret: str | None) -> Standing:
        """Tell who it is, and how far.

        Raises:
            Refusal: 401 without a secret, 403 with one that nobody has.
        """
        if secret is None:
            raise Refusal(401, "open the study with your personal link")
        standing = self._store.standing(secret)
        if standing is None:
            raise Refusal(403, "this link is not known here; ask whoever sent it for a new one")
        return standing

    def session(self, standing: Standing) -> SessionView:
        """Tell a rater what comes next."""
        return self._view(standing.key, standing.answered)

    def picture(self, standing: Standing, name: str) -> bytes:
        """Give a picture of the trial that is asked now, or of the one after it, as PNG.

        Raises:
            Refusal: 404 for any other name.
        """
        rater = standing.key
        place = place_of(self._orders.of(rater, standing.answered), standing.answered)
        for trial in (place.next, place.following):
            if trial is None:
                continue
            for slot, stimulus in _slots(trial):
                if opaque_id(self._key, rater.rater, trial.number, slot) == name:
                    return self._png(stimulus)
        raise Refusal(404, "this picture is not due; reload the page")

    def vote(self, standing: Standing, ballot: Ballot) -> Receipt:
        """Take an answer; when this returns it is in the store for good.

        Raises:
            Refusal: 422 an answer or a trial that does not exist, 403 the pictures of somebody else's trial,
                409 a trial that is not due, or that has another answer already.
        """
        rater, answered = standing.key, standing.answered
        trials = self._orders.of(rater, answered)
        if ballot.trial >= len(trials):
            raise Refusal(422, f"trial {ballot.trial}: this rater has {len(trials)}")
        trial = trials[ballot.trial]
        scale = self._design.scale
        if ballot.answer not in scale:
            raise Refusal(422, f"answer {ballot.answer}: it is {scale[0]} to {scale[-1]} here")
        if ballot.pictures != self._names(rater, trial):
            raise Refusal(403, "these pictures are not those of this rater's trial")
        place = place_of(trials, answered)
        if place.next is not None and trial.number > place.next.number:
            raise Refusal(409, f"trial {trial.number} is not due; trial {place.next.number} is")
        vote = Vote(rater.rater, trial, ballot.answer, ballot.milliseconds, datetime.now(UTC))
        recorded = self._store.record(vote)
        if recorded.outcome == "refused":
            raise Refusal(409, recorded.reason)
        # Gold trials have a known answer too; telling it would give away that they are checks.
        expected = known_answer(self._design, trial) if trial.kind == "calibration" else None
        return Receipt(
            recorded=recorded.outcome, expected=expected, session=self._view(rater, answered | {trial.number})
        )

    def note(self, rater: RaterKey, note: Note) -> None:
        """Keep a fact on the rater's conditions."""
        self._store.note(rater.rater, note.event, dict(note.data))

    def withdraw(self, rater: str) -> None:
        """Delete a rater's answers."""
        self._store.delete_rater(rater)

    def progress(self) -> tuple[Progress, ...]:
        """Tell the owner how far everyone is."""
        return tuple(
            Progress(rater=rater.rater, answered=votes, total=self._total(rater.number))
            for rater, votes in self._store.tally()
        )

    def _view(self, rater: RaterKey, answered: frozenset[int]) -> SessionView:
        place = place_of(self._orders.of(rater, answered), answered)
        width, height = self._frame(rater.number)
        return SessionView(
            rater=rater.rater,
            answered=place.answered,
            total=place.total,
            block=place.block,
            blocks=place.blocks,
            block_size=place.block_size,
            pause=place.pause,
            trial=self._asked(rater, place.next),
            following=self._asked(rater, place.following),
            width=width,
            height=height,
            study=self._study,
        )

    def _count(self, number: int) -> int:
        return len(self._orders.laid(number))

    def _asked(self, rater: RaterKey, trial: Trial | None) -> Asked | None:
        if trial is None:
            return None
        width, height = self._size(trial.shown[0])
        reference = None
        if trial.reference is not None:
            reference = opaque_id(self._key, rater.rater, trial.number, "reference")
        return Asked(
            number=trial.number,
            kind="calibration" if trial.kind == "calibration" else "test",
            pictures=self._names(rater, trial),
            reference=reference,
            width=width,
            height=height,
        )

    def _names(self, rater: RaterKey, trial: Trial) -> tuple[str, ...]:
        return tuple(
            opaque_id(self._key, rater.rater, trial.number, slot)
            for slot, _ in _slots(trial)
            if slot != "reference"
        )

    def _png(self, stimulus: Stimulus) -> bytes:
        path = self._folder.picture_path(stimulus)
        try:
            content = path.read_bytes()
        except OSError as error:
            raise StudyError(f"{path}: a picture of the study cannot be read ({error.strerror})") from error
        return blind_png(content, self._length(stimulus.set, stimulus.picture))

    def _longest(self, of_set: str, picture: str) -> int:
        stimuli = (*self._design.stimuli, *self._design.calibration_stimuli)
        paths = [
            self._folder.picture_path(stimulus)
            for stimulus in stimuli
            if (stimulus.set, stimulus.picture) == (of_set, picture)
        ]
        return max(path.stat().st_size for path in paths if path.exists()) + PADDING_MINIMUM

    def _widest(self, number: int) -> tuple[int, int]:
        sizes = [self._size(stimulus) for trial in self._orders.laid(number) for stimulus in trial.shown]
        return max(width for width, _ in sizes), max(height for _, height in sizes)


def _slots(trial: Trial) -> list[tuple[str, Stimulus]]:
    slots = [(str(place), stimulus) for place, stimulus in enumerate(trial.shown)]
    return slots if trial.reference is None else [*slots, ("reference", trial.reference)]


def _study_view(design: Design) -> StudyView:
    return StudyView(
        title=design.title,
        protocol=design.protocol,
        languages=design.languages,
        question=design.question,
        labels=design.labels,
        scale=design.scale,
        consent=design.consent or CONSENT,
        contact=design.contact,
    )
