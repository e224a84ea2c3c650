"""The mark of illustrative data: its words.

What belongs here: the text that every file made from invented figures carries.
What does not: where each format puts it (the writers), whether it is complete (bundle_check.py).
"""

MARK_BY_LANGUAGE = {
    "en": "ILLUSTRATIVE DATA – NOT FOR PUBLICATION",
    "fr": "DONNÉES ILLUSTRATIVES – NE PAS PUBLIER",
    "ru": "УСЛОВНЫЕ ДАННЫЕ – НЕ ДЛЯ ПУБЛИКАЦИИ",
}
ILLUSTRATIVE_MARK = " / ".join(MARK_BY_LANGUAGE.values())
