"""What the college wants to reach: its goals, its indicators, and what is said about them."""

from dataclasses import dataclass
from decimal import Decimal

from goals.models import CheckIn, Goal, Indicator, Unit

Category = Goal.Category
Confidence = CheckIn.Confidence

STRATEGY = ("Biznesa vadības koledžas stratēģija", "https://example.org/bvk/strategija")

DESCRIPTIONS = {
    Category.LEADS: (
        "Katrai aktivitātei ir skaidrs nākamais solis: pieteikties vebināram, atvērto durvju "
        "dienai vai sarunai ar programmas direktoru. Līdi nonāk Bitrix24 tajā pašā dienā."
    ),
    Category.RELATIONSHIPS: (
        "Uz jautājumiem atbildam tajā pašā darba dienā, un tie, kas jau studē, redz sevi mūsu "
        "stāstos."
    ),
    Category.AUTHORITY: (
        "Docētāji un nozares praktiķi runā par to, ko mūsu auditorija grib iemācīties: vebināros, "
        "vieslekcijās un īsos video."
    ),
    Category.AWARENESS: (
        "Koledžu pazīst arī ārpus Rīgas. Katrā ierakstā ir viens vizuālais stils un viens "
        "vēstījums."
    ),
    Category.TRAFFIC: (
        "No katra ieraksta var nonākt programmas lapā, un saites ir marķētas, lai redzētu, no "
        "kurienes cilvēki nāk."
    ),
    Category.LISTENING: (
        "Reizi nedēļā izlasām, ko par mums raksta citur, un to, kas atkārtojas, nododam katedrām."
    ),
}

OWNERS = {
    Category.LEADS: "head",
    Category.RELATIONSHIPS: "specialist",
    Category.AUTHORITY: "manager",
    Category.AWARENESS: "colleague",
    Category.TRAFFIC: "specialist",
    Category.LISTENING: "colleague",
}


@dataclass(frozen=True)
class Figures:
    """An indicator over the years: what it was, what it is to be, and how it goes."""

    start: Decimal
    """Two years ago."""

    last_target: Decimal
    last_result: Decimal
    target: Decimal
    pace: Decimal
    """How far it has come against an even way to the target, from where the year begins."""

    confidence: CheckIn.Confidence
    sentence: str
    about_last: str
    next_target: Decimal | None = None
    """None: nobody has set it yet."""


def _figures(numbers: str, confidence: str, sentence: str, about_last: str) -> Figures:
    """Read start, last target, last result, target, pace and next target from a line."""
    start, last_target, last_result, target, pace, *ahead = map(Decimal, numbers.split())
    return Figures(
        start,
        last_target,
        last_result,
        target,
        pace,
        Confidence(confidence),
        sentence,
        about_last,
        ahead[0] if ahead else None,
    )


MEASURED = {
    "new_leads": _figures(
        "1450 1800 1760 2200 1.04 2600",
        "on_track",
        "Temps ir virs plāna; visvairāk līdu dod atvērto durvju dienas.",
        "Nedaudz pietrūka: vasaras kampaņu sākām divas nedēļas vēlāk.",
    ),
    "reactions": _figures(
        "21000 26000 27400 33000 0.98 38000",
        "on_track",
        "Studentu stāsti saņem divreiz vairāk reakciju nekā pārējie ieraksti.",
        "Sasniegts; vislabāk strādāja izlaiduma ieraksti.",
    ),
    "video_views": _figures(
        "48000 70000 61500 90000 0.79",
        "at_risk",
        "Īsie video iet labi, bet vebināru ierakstus līdz galam noskatās maz; griežam īsākus.",
        "Nesasniegts: pusi gada nebija, kas filmē.",
    ),
    "followers": _figures(
        "8200 9500 9640 11200 1.01 12500",
        "on_track",
        "Instagram aug ātrāk nekā Facebook; kopā esam plānā.",
        "Sasniegts novembrī.",
    ),
    "followers_growth": _figures(
        "900 1300 1440 1560 0.72",
        "at_risk",
        "Facebook pieaugums ir apstājies; pārceļam daļu budžeta uz Instagram.",
        "Sasniegts.",
    ),
    "home_page_traffic": _figures(
        "96000 120000 131000 150000 0.48",
        "off",
        "Pēc mājaslapas pārbūves daļa saišu vairs neved uz programmām; gadā to neatgūsim.",
        "Pārsniegts, jo kampaņas vedām uz programmu lapām.",
    ),
    "comments": _figures(
        "1900 2400 2310 3000 1.02 3400",
        "on_track",
        "Jautājumu ieraksti trešdienās atmaksājas.",
        "Gandrīz: komentāru kļuva mazāk pēc septembra.",
    ),
}


@dataclass(frozen=True)
class Own:
    """An indicator that only people report."""

    category: Goal.Category
    name: str
    name_en: str
    unit: Unit
    figures: Figures
    direction: Indicator.Direction = Indicator.Direction.UP


OWN = (
    Own(
        Category.LEADS,
        "Viena līda izmaksas",
        "Cost per lead",
        Unit.EURO,
        _figures(
            "14.50 12.00 11.80 10.50 1.05 9.80",
            "on_track",
            "Atvērto durvju diena joprojām ir lētākais avots, 6,20 EUR par līdu.",
            "Sasniegts.",
        ),
        Indicator.Direction.DOWN,
    ),
    Own(
        Category.RELATIONSHIPS,
        "Vidējais atbildes laiks uz ziņu",
        "Average time to answer a message",
        Unit.HOURS,
        _figures(
            "9 4 5.5 3 0.8",
            "at_risk",
            "Darbdienās atbildam divās stundās, bet brīvdienās ziņas gaida līdz pirmdienai.",
            "Nesasniegts: brīvdienās neviens neatbildēja.",
        ),
        Indicator.Direction.DOWN,
    ),
    Own(
        Category.LISTENING,
        "Vērtējums Google atsauksmēs",
        "Rating in Google reviews",
        Unit.POINTS,
        _figures(
            "4.1 4.4 4.3 4.6 0.97",
            "on_track",
            "Absolventi labprāt raksta, ja lūdzam uzreiz pēc izlaiduma.",
            "Par vienu desmitdaļu mazāk, nekā gribējām.",
        ),
    ),
)

EARLIER = (
    "Bez būtiskām izmaiņām kopš iepriekšējā mēneša.",
    "Neliels kāpums pēc reklāmas kampaņas.",
    "Ejam pa plānu.",
    "Gads ir iesākts; pirmie skaitļi ir kā gaidīts.",
)
