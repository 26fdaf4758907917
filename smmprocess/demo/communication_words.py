"""What the communication plan says: to whom, where, and in which words."""

from plans.models import Channel

Kind = Channel.Kind

AIMS = (
    "Piesaistīt studētgribētājus uzņemšanai un panākt, ka katrs interesents zina nākamo soli. "
    "Parādīt, ka koledžā māca praktiķi un ka studijas var apvienot ar darbu."
)
TONE = (
    "Draudzīgi un konkrēti, uzrunājam ar „tu”. Īsi teikumi, bez svešvārdiem un bez solījumiem, "
    "kurus nevaram pierādīt."
)

CHANNELS: tuple[dict[str, object], ...] = (
    {
        "kind": Kind.FACEBOOK,
        "name": "Facebook lapa",
        "address": "https://example.org/facebook/bvk",
        "owner": "specialist",
        "tone": "Sarunājamies; katrā ierakstā viens jautājums.",
        "rules": "Ne vairāk kā divi ieraksti dienā. Uz komentāriem atbildam tajā pašā darba dienā.",
    },
    {
        "kind": Kind.INSTAGRAM,
        "name": "Instagram profils",
        "address": "https://example.org/instagram/bvk",
        "owner": "colleague",
        "tone": "Studentu acīm, ar humoru.",
        "rules": "Stāsts katru darba dienu; cilvēkus rādām tikai ar viņu piekrišanu.",
        "access": True,
    },
    {
        "kind": Kind.HOME_PAGE,
        "name": "Mājaslapa",
        "address": "https://example.org/bvk",
        "owner": "manager",
        "tone": "Lietišķi un pilnīgi.",
        "rules": "Pasākums parādās mājaslapā, pirms to reklamē sociālajos medijos.",
    },
    {
        "kind": Kind.LINKEDIN,
        "name": "LinkedIn lapa",
        "address": "https://example.org/linkedin/bvk",
        "owner": "head",
        "tone": "Profesionāli, ar docētāju viedokli.",
        "rules": "Vienreiz nedēļā; nozares vadītājus atzīmējam tikai ar viņu ziņu.",
    },
)

AUDIENCES: tuple[dict[str, object], ...] = (
    {
        "name": "Vidusskolēni pirms izlaiduma",
        "age": "17–19",
        "gender": "visi, nedaudz vairāk sieviešu",
        "industry": "vēl nestrādā; dažiem darbs tirdzniecībā vai ēdināšanā",
        "interests": "ceļošana, mūzika, sports, pirmais nopelnītais",
        "occupation": "mācās 12. klasē vai tehnikuma pēdējā kursā",
        "habits": "lēmumu pieņem kopā ar vecākiem un draugiem; piesakās pēdējās nedēļās",
        "social_media_habits": "Instagram un TikTok vakaros pēc 20.00; Facebook gandrīz neatver",
        "size": 6200,
        "how_we_know": "Pieteikumu anketas par diviem gadiem; aptauja trīs skolās.",
        "channels": (1, 2),
    },
    {
        "name": "Strādājoši, kas grib mainīt karjeru",
        "age": "25–35",
        "gender": "visi",
        "industry": "tirdzniecība, loģistika, valsts pārvalde",
        "interests": "pašizaugsme, finanses, ģimene",
        "occupation": "speciālisti un pirmā līmeņa vadītāji",
        "habits": "laiks ir vakaros un sestdienās; salīdzina vismaz trīs piedāvājumus",
        "social_media_habits": "Facebook grupas un LinkedIn pusdienlaikā, video telefonā vakarā",
        "size": 18500,
        "how_we_know": "Google analītika un sarunas atvērto durvju dienās.",
        "channels": (0, 2, 3),
    },
    {
        "name": "Mazo uzņēmumu vadītāji",
        "age": "30–50",
        "gender": "visi, nedaudz vairāk vīriešu",
        "industry": "pakalpojumi, ražošana, e-komercija",
        "interests": "nodokļi, pārdošana, darbinieku piesaiste",
        "occupation": "īpašnieki un vadītāji uzņēmumos līdz 20 cilvēkiem",
        "habits": "mācās, ja var uzreiz lietot; maksā par sevi un saviem cilvēkiem",
        "social_media_habits": "LinkedIn no rīta, Facebook biznesa grupas, YouTube pamācības",
        "size": 4300,
        "how_we_know": "Maksas vebināru dalībnieku anketas un reģionālo biedrību dati.",
        "channels": (0, 3),
    },
)

MESSAGES = (
    "Studijas var apvienot ar darbu: nodarbības vakaros un tiešsaistē.",
    "Pie mums māca praktiķi, kas paši vada uzņēmumus.",
    "Nāc un pajautā: atvērto durvju diena ir katru trešdienu.",
)

WORDINGS: tuple[tuple[int, int, int, str], ...] = (
    # message, audience, channel
    (0, 0, 1, "Pirmā alga un pirmais kurss vienlaikus? Jā. Rādām, kā izskatās Elīnas nedēļa."),
    (0, 0, 2, "Nodarbību laiki pirmkursniekiem un tas, cik stundu nedēļā tas prasa."),
    (
        0,
        1,
        0,
        "Nav jāaiziet no darba, lai iegūtu diplomu. Divi vakari nedēļā, pārējais tiešsaistē.",
    ),
    (0, 1, 2, "Studiju grafiks strādājošajiem: vakari, sestdienas un ieraksti."),
    (0, 1, 3, "Kāpēc darba devēji atbalsta vakara studijas: trīs absolventu stāsti."),
    (0, 2, 3, "Īsās programmas vadītājiem: sešas nedēļas, sestdienas, tūlīt lietojams darbā."),
    (1, 0, 1, "Docētāja vada kafejnīcu ķēdi. Šodien viņa rāda, kā top ēdienkarte un cena."),
    (1, 1, 0, "Trešdien par mārketingu stāsta Rihards, kas pats to dara jau 15 gadus."),
    (1, 1, 3, "Mūsu docētāji: kas viņi ir ārpus auditorijas."),
    (1, 2, 0, "Jautājiet praktiķim: grāmatvede, kas apkalpo 40 mazus uzņēmumus."),
    (1, 2, 3, "Ko mācām vadītājiem un kāpēc to māca vadītāji."),
    (2, 0, 1, "Trešdien 18.00 tiešsaistē. Jautājumus var sūtīt jau tagad."),
    (2, 0, 2, "Piesakies atvērto durvju dienai; saiti saņemsi e-pastā un SMS."),
    (2, 1, 0, "Pusstunda trešdienas vakarā, un zināsi, cik studijas maksā un kā pieteikties."),
    (2, 1, 2, "Atvērto durvju diena tiešsaistē: programma, laiki, pieteikšanās."),
)
