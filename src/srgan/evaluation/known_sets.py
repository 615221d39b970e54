"""The sets that papers on super-resolution measure on: what they are, where they come from, what is allowed.

No picture of them comes with this package. A new set is a row in `KNOWN_SETS`.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["KNOWN_SETS", "KnownSet", "find_known"]


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownSet:
    """A published set.

    Attributes:
        name: what papers call it.
        aliases: other names that its folder has.
        pictures: how many there are.
        what: what is in it and who made it.
        places: where to get it: the page of its makers, then others.
        terms: what its makers allow, as far as they say.
        recorded: ``known_sets.csv`` has the checksums of its pictures.
    """

    name: str
    aliases: tuple[str, ...] = ()
    pictures: int
    what: str
    places: tuple[str, ...]
    terms: str
    recorded: bool = False


_SELFEXSR = "https://github.com/jbhuang0604/SelfExSR"
_DIV2K = "https://data.vision.ee.ethz.ch/cvl/DIV2K/"
_DIV2K_TERMS = "academic research only; the rights to the pictures stay with their owners"

KNOWN_SETS = (
    KnownSet(
        name="Set5",
        pictures=5,
        what="baby, bird, butterfly, head, woman; Bevilacqua et al., BMVC 2012",
        places=("http://people.rennes.inria.fr/Aline.Roumy/results/SR_BMVC12.html", _SELFEXSR),
        terms="no licence is stated; used for evaluation in research",
        recorded=True,
    ),
    KnownSet(
        name="Set14",
        pictures=14,
        what="classic test pictures, baboon to zebra; Zeyde et al., Curves and Surfaces 2010",
        places=("https://sites.google.com/site/romanzeyde/research-interests", _SELFEXSR),
        terms="no licence is stated; used for evaluation in research",
        recorded=True,
    ),
    KnownSet(
        name="BSD100",
        aliases=("B100", "BSDS100"),
        pictures=100,
        what="the test photos of BSDS300, the Berkeley segmentation data; Martin et al., ICCV 2001",
        places=("https://www2.eecs.berkeley.edu/Research/Projects/CS/vision/bsds/", _SELFEXSR),
        terms="non-commercial research and education",
        recorded=True,
    ),
    KnownSet(
        name="Urban100",
        pictures=100,
        what="buildings with regular structures; Huang et al., CVPR 2015",
        places=(_SELFEXSR,),
        terms="its makers state no licence; photos of Flickr, under Creative Commons as far as is known",
    ),
    KnownSet(
        name="Manga109",
        pictures=109,
        what="one page of each of 109 Japanese comics; Aizawa Yamasaki laboratory, University of Tokyo",
        places=("http://www.manga109.org/en/",),
        terms="on application; academic use only, never passed on (87 of the comics, Manga109-s, also for "
        "companies)",
    ),
    KnownSet(
        name="DIV2K_valid",
        aliases=("DIV2K100",),
        pictures=100,
        what="photos of 2040 pixels width or height, 0801 to 0900; Agustsson and Timofte, CVPRW 2017",
        places=(_DIV2K,),
        terms=_DIV2K_TERMS,
    ),
    KnownSet(
        name="DIV2K_train",
        pictures=800,
        what="the same, 0001 to 0800: to train on, not to measure on",
        places=(_DIV2K,),
        terms=_DIV2K_TERMS,
    ),
    KnownSet(
        name="General100",
        aliases=("General-100",),
        pictures=100,
        what="uncompressed photos of clear edges; Dong et al., ECCV 2016",
        places=("http://mmlab.ie.cuhk.edu.hk/projects/FSRCNN.html",),
        terms="no licence is known to us; ask its makers",
    ),
    KnownSet(
        name="Kodak",
        aliases=("Kodak24", "kodim"),
        pictures=24,
        what="photos of 768 x 512, upright or lying; a test set of compression too",
        places=("http://r0k.us/graphics/kodak/",),
        terms="released by Kodak for unrestricted use, as that page says",
    ),
)
"""In the order in which `srgan datasets` lists them."""


def find_known(name: str) -> KnownSet | None:
    """Find a known set by its name or an alias, without case."""
    wanted = name.casefold()
    return next(
        (
            each
            for each in KNOWN_SETS
            if wanted in (each.name.casefold(), *(alias.casefold() for alias in each.aliases))
        ),
        None,
    )
