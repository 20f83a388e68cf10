"""Every enumeration of the domain, once. Stored as its text value; worded by ``convening.i18n``.

One module a topic; everybody else imports the names from here.
"""

from convening.vocabulary.accounts import *  # noqa: F403
from convening.vocabulary.balance import *  # noqa: F403
from convening.vocabulary.community import *  # noqa: F403
from convening.vocabulary.convenings import *  # noqa: F403
from convening.vocabulary.dissent import *  # noqa: F403
from convening.vocabulary.invitations import *  # noqa: F403
from convening.vocabulary.mail import *  # noqa: F403
from convening.vocabulary.understanding import *  # noqa: F403
