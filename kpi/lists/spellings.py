"""What lists call the series we begin with, beside their names."""

SPELLINGS = {
    "followers": (
        "sekotāji|sekotāju skaits|sekotāju sk|followers|follower count|fani|fans|abonenti"
        "|subscribers|sekotāju skaits kopā|auditorija|lapas sekotāji|sekotāju kopskaits"
    ),
    "followers_growth": (
        "sekotāju pieaugums|sekotāju skaita pieaugums|jauni sekotāji|jaunie sekotāji|new followers"
        "|follower growth|followers growth|sekotāju izmaiņas"
    ),
    "home_page_traffic": (
        "plūsma uz mājaslapu|mājaslapas plūsma|plūsma uz mājas lapu|mājaslapas apmeklējumi"
        "|mājas lapas apmeklējumi|mājaslapas apmeklējums|apmeklējumi|sesijas|sessions|vizītes"
        "|visits|website traffic|website visits|home page traffic|traffic|web traffic|plūsma"
        "|home page visits|site visits"
    ),
    "users": "lietotāji|users|unikālie lietotāji|unique users|mājaslapas lietotāji|active users",
    "page_views": "lapu skatījumi|lapas skatījumi|page views|pageviews|views of pages",
    "new_leads": (
        "jaunie līdi|jauni līdi|līdi|new leads|leads|jaunie potenciālie klienti|līdu skaits"
        "|jauno līdu skaits|potenciālie klienti"
    ),
    "converted_leads": "pārvērstie līdi|konvertētie līdi|converted leads|won leads",
    "video_views": (
        "video skatījumi|video skatījumu skaits|skatījumi|video views|views|videoskatījumi"
        "|video noskatīšanās"
    ),
    "reactions": "reakcijas|reakciju skaits|reactions|patīk|likes|atzīmes patīk",
    "comments": "komentāri|komentāru skaits|comments",
    "engagement": (
        "iesaiste|iesaistes līmenis|engagement|engagement rate|iesaistes rādītājs|er|iesaistīšanās"
    ),
    "registrations": "reģistrācijas|reģistrāciju skaits|registrations|pieteikumi",
    "attendance_rate": "apmeklējuma īpatsvars|attendance rate|apmeklētība|attendance",
}
