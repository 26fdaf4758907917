"""What step 6 measures. A key is stored in the database, so never rename one."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Series(models.TextChoices):
    """A series of measurements that an indicator can be read from."""

    FOLLOWERS = "followers", _("Total followers")
    FOLLOWERS_GROWTH = "followers_growth", _("Growth of followers")
    HOME_PAGE_TRAFFIC = "home_page_traffic", _("Traffic to the home page")
    NEW_LEADS = "new_leads", _("New leads")
    VIDEO_VIEWS = "video_views", _("Video views")
    REACTIONS = "reactions", _("Reactions")
    COMMENTS = "comments", _("Comments")
