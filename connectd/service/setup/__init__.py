"""Setting connectd up: what is wished for is checked against the server, then written, or undone.

``wishes`` makes a configuration of what is asked for, ``calendars`` tries it on the server,
``writing`` holds the files, and ``setting_up`` does all of it in an order that can be undone.
"""

from connectd.service.setup.setting_up import SetUp, set_up
from connectd.service.setup.wishes import USUAL_DRAFTS, USUAL_GOAL, Wishes, configured
from connectd.service.setup.writing import check_places

__all__ = ["USUAL_DRAFTS", "USUAL_GOAL", "SetUp", "Wishes", "check_places", "configured", "set_up"]
