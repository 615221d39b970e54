"""What raters are asked, in each language; a new language is a key in every row."""

from __future__ import annotations

from srgan.study.terms import Protocol

__all__ = ["LABELS", "QUESTIONS"]

_GOOD = {
    "en": "How good does this picture look?",
    "ko": "이 사진은 얼마나 좋아 보입니까?",
}

_QUALITY = {
    "en": ("Excellent", "Good", "Fair", "Poor", "Bad"),
    "ko": ("매우 좋음", "좋음", "보통", "나쁨", "매우 나쁨"),
}

QUESTIONS: dict[Protocol, dict[str, str]] = {
    "acr": _GOOD,
    "acr-hr": _GOOD,
    "dcr": {
        "en": "Beside the original: how disturbing are the faults of this picture?",
        "ko": "원본과 비교할 때 이 사진의 결함이 얼마나 거슬립니까?",
    },
    "pairwise": {
        "en": "Which picture looks better?",
        "ko": "어느 사진이 더 좋아 보입니까?",
    },
}
"""For each protocol and language."""

LABELS: dict[Protocol, dict[str, tuple[str, ...]]] = {
    "acr": _QUALITY,
    "acr-hr": _QUALITY,
    "dcr": {
        "en": (
            "Imperceptible",
            "Perceptible, but not annoying",
            "Slightly annoying",
            "Annoying",
            "Very annoying",
        ),
        "ko": ("느껴지지 않음", "느껴지지만 거슬리지 않음", "조금 거슬림", "거슬림", "매우 거슬림"),
    },
    "pairwise": {
        "en": ("The left one", "The right one"),
        "ko": ("왼쪽", "오른쪽"),
    },
}
"""For each protocol and language: the answers 5 to 1, or left and right."""
