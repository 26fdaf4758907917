"""Who presents the webinars, and what is said about them."""

from dataclasses import dataclass

from smmprocess.demo import activity_words
from smmprocess.demo.planned import Planned


@dataclass(frozen=True)
class Told:
    """A webinar of the plan in the words of its page and its advertisements."""

    planned: Planned
    description: tuple[str, str]
    topic: str
    bio: tuple[str, str]
    banner: str
    banner_shows: str
    post: str
    pay: int
    contract: str
    registered: int
    price: int | None = None


PAST = Told(
    planned=activity_words.PAST_WEBINAR,
    description=(
        "Ko mākslīgais intelekts mārketingā jau dara labi, ko vēl ne, un kā to izmēģināt droši.",
        "What artificial intelligence already does well in marketing, and how to try it safely.",
    ),
    topic=(
        "Trīs darbi, kurus var atdot mākslīgajam intelektam jau rīt: teksta melnraksts, attēlu "
        "varianti un atbildes uz biežākajiem jautājumiem. Dalībnieki aiziet ar savu izmēģinājuma "
        "plānu vienai nedēļai."
    ),
    bio=(
        "Digitālā mārketinga konsultante, desmit gadus strādājusi aģentūrās Rīgā un Tallinā.",
        "A digital marketing consultant who has worked in agencies in Riga and Tallinn.",
    ),
    banner="ai.png",
    banner_shows="Uzraksts: mākslīgais intelekts mārketingā. Bezmaksas vebinārs ar Elīnu Dzeni.",
    post="Ko atdot mākslīgajam intelektam un ko paturēt sev? Bezmaksas vebinārs ceturtdien 17.00.",
    pay=150,
    contract="VL-17",
    registered=38,
)

READY = Told(
    planned=activity_words.READY_WEBINAR,
    description=(
        "Kā mazs uzņēmums ar divām stundām nedēļā var būt redzams Facebook un Instagram.",
        "How a small business can be seen on Facebook and Instagram with two hours a week.",
    ),
    topic=(
        "Nedēļas plāns uzņēmumam, kurā mārketings ir viens no īpašnieka desmit darbiem. Dalībnieki "
        "aiziet ar gatavu ierakstu kalendāru četrām nedēļām."
    ),
    bio=(
        "Vada sociālo tīklu aģentūru Valmierā; mūsu docētājs kopš 2019. gada.",
        "Runs a social-media agency in Valmiera and has taught at the college since 2019.",
    ),
    banner="social.png",
    banner_shows="Uzraksts: sociālie tīkli mazam uzņēmumam. Bezmaksas vebinārs ar Rihardu Žagaru.",
    post="Divas stundas nedēļā sociālajiem tīkliem. Pietiek, ja zina, ko darīt. Piesakies!",
    pay=120,
    contract="VL-21",
    registered=31,
)

HALF_DONE = Told(
    planned=activity_words.HALF_DONE_WEBINAR,
    description=(
        "Naudas plūsma, budžets un trīs skaitļi, kas vadītājam jāzina katru pirmdienu.",
        "Cash flow, budget, and three figures that a manager needs every Monday.",
    ),
    topic=(
        "Budžets uz vienas lapas: kā to sastādīt, kā tam sekot un kad ar to iet pie bankas. "
        "Dalībnieki strādā ar sava uzņēmuma skaitļiem."
    ),
    bio=(
        "Ekonomikas doktore, konsultē ražošanas uzņēmumus par finanšu vadību.",
        "Doctor of economics; advises manufacturers on financial management.",
    ),
    banner="finance.png",
    banner_shows="Uzraksts: finanšu plānošana vadītājiem. Maksas vebinārs ar Ingu Krūmiņu.",
    post="Vai zini, cik tev būs kontā pēc trim mēnešiem? Vebinārs vadītājiem, 45 EUR.",
    pay=260,
    contract="VL-24",
    registered=5,
    price=45,
)
