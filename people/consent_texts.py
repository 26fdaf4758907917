"""The words of consent a new installation begins with; changed words are a new version."""

from email.utils import parseaddr
from typing import Any

from django.conf import settings

from people.models import ConsentText, Medium

FIRST_TEXTS = {
    Medium.EMAIL: (
        "Piekrītu, ka %(college)s man e-pastā sūta studiju un kursu piedāvājumus. Piekrišanu varu "
        "atsaukt jebkurā laikā ar saiti, kas ir katrā šādā e-pastā.",
        "I agree that %(college)s sends me offers of studies and courses by e-mail. I can withdraw "
        "my consent at any time with the link in every such e-mail.",
    ),
    Medium.SMS: (
        "Piekrītu, ka %(college)s man īsziņās (SMS) sūta studiju un kursu piedāvājumus. Piekrišanu "
        "varu atsaukt jebkurā laikā ar savu personīgo saiti vai rakstot uz %(address)s.",
        "I agree that %(college)s sends me offers of studies and courses by SMS. I can withdraw my "
        "consent at any time with my personal link or by writing to %(address)s.",
    ),
}


def seed_texts(**_kwargs: Any) -> int:
    """Create version 1 where a medium has no text at all; return how many. Runs after migrate."""
    names = {"college": settings.SITE_NAME, "address": contact_address()}
    created = 0
    for medium, (latvian, english) in FIRST_TEXTS.items():
        if not ConsentText.objects.filter(medium=medium).exists():
            ConsentText.objects.create(
                medium=medium, version=1, text_lv=latvian % names, text_en=english % names
            )
            created += 1
    return created


def contact_address() -> str:
    """Return the college's e-mail address, for those who want to ask or withdraw."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
