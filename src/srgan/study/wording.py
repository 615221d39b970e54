"""What raters are asked and agree to, in each language; a new language is a key in every row."""

from __future__ import annotations

from srgan.study.terms import Protocol

__all__ = ["CONSENT", "LABELS", "QUESTIONS"]

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
    "ccr": {
        "en": "Compared with A, how does B look?",
        "ko": "A와 비교하면 B는 어떻게 보입니까?",
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
    "ccr": {
        "en": (
            "Much better",
            "Better",
            "Slightly better",
            "About the same",
            "Slightly worse",
            "Worse",
            "Much worse",
        ),
        "ko": ("훨씬 좋음", "좋음", "조금 좋음", "거의 같음", "조금 나쁨", "나쁨", "훨씬 나쁨"),
    },
    "pairwise": {
        "en": ("The left one", "The right one"),
        "ko": ("왼쪽", "오른쪽"),
    },
}
"""For each protocol and language: the answers, best first, or left and right."""

CONSENT: dict[str, tuple[str, ...]] = {
    "en": (
        "You will judge {total} pictures in {blocks} parts, with breaks between them. You can stop at "
        "any time and come back by your personal link, on another day too.",
        "What is kept: your answers, when each came and how long it took; size and kind of your window and "
        "screen and the language of this page; the outcome of two short checks of sight. No name, no "
        "address and nothing else about you. You appear as “{rater}”.",
        "Taking part is voluntary. At every break and at the end you can have all your answers deleted.",
    ),
    "ko": (
        "사진 {total}장을 {blocks}부분으로 나누어 평가하며, 부분 사이에는 휴식이 있습니다. "
        "언제든 멈출 수 있고, 개인 링크로 다른 날에 이어서 할 수 있습니다.",
        "저장되는 것: 답과 답한 때, 답하는 데 걸린 시간, 창과 화면의 크기와 특성, 이 페이지의 언어, "
        "짧은 시각 확인 두 가지의 결과. 이름과 주소를 비롯한 다른 정보는 저장하지 않습니다. "
        "참여자는 “{rater}”(으)로 표시됩니다.",
        "참여는 자발적입니다. 휴식 때마다, 그리고 끝난 뒤에 모든 답을 삭제할 수 있습니다.",
    ),
}
"""For each language, a paragraph each; {total}, {blocks} and {rater} are filled in for each rater."""
