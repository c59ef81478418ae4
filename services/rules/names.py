"""Names, telephone numbers and room numbers: made comparable, and masked for other eyes."""

import re
import unicodedata

_COMPOUND_SURNAME = re.compile(
    "欧阳|司马|上官|诸葛|司徒|东方|皇甫|尉迟|公孙|慕容|令狐|长孙|宇文|夏侯|端木|百里|南宫|独孤"
    "|轩辕|司空|公羊|闻人|赫连|澹台|申屠|太史|钟离|西门|东郭|呼延|万俟|淳于"
)
_PHONE = re.compile(r"\+?[0-9]{3,15}")
_MOBILE = re.compile(r"1[0-9]{10}")
_DASHES = re.compile(r"[‐‑‒–—―−~_/#]")
_ROOM_WORDS = re.compile(
    r"号楼|单元|[栋幢座楼层室号房户]|(?:BUILDING|BLDG|BLOCK|TOWER|UNIT|ROOM|RM|FLAT|APT)\b\.?|[\s,.]"
)


def mask_name(name: str) -> str:
    """A name as a worker may see it (§3.11): the surname, 张*, or a Latin initial, ``J.``."""
    bare = name.strip()
    if not bare:
        return ""
    if bare[0].isascii() or unicodedata.name(bare[0], "").startswith("LATIN"):
        return f"{bare[0].upper()}."
    compound = _COMPOUND_SURNAME.match(bare)
    return f"{compound[0] if compound and len(bare) > 2 else bare[0]}*"


def mask_phone(phone: str) -> str:
    """A number as others may see it (§3.11): ``138****1234``; at least four digits are hidden."""
    plus, digits = ("+" if phone.startswith("+") else ""), re.sub(r"\D", "", phone)
    shown = max(0, len(digits) - 4)
    tail = min(4, shown)
    head = min(3, shown - tail)
    return f"{plus}{digits[:head]}****{digits[len(digits) - tail :]}"


def normalise_phone(text: str) -> str:
    """A number so that equal lines are equal text: Chinese ones bare, others with their ``+``.

    Full-width digits, spaces, dashes and brackets do not matter, nor do +86 and 0086. Raises
    ValueError for what is no telephone number.
    """
    dialled = re.sub(r"[\s().\-‐‑–—]", "", unicodedata.normalize("NFKC", text))
    dialled = re.sub(r"^00", "+", dialled)
    if not _PHONE.fullmatch(dialled):
        raise ValueError(f"not a telephone number: {text!r}")
    if dialled.startswith("+86"):
        national = dialled[3:]
        return national if _MOBILE.fullmatch(national) else f"0{national.removeprefix('0')}"
    if dialled.startswith("86") and _MOBILE.fullmatch(dialled[2:]):
        return dialled[2:]
    return dialled


def normalise_room(text: str) -> str:
    """A room number so that equal rooms are equal text: 3栋1201室 and ３－１２０１ are 3-1201."""
    plain = _DASHES.sub("-", unicodedata.normalize("NFKC", text).strip().upper())
    return re.sub(r"-+", "-", _ROOM_WORDS.sub("-", plain)).strip("-")
