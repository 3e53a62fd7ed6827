"""Taking the contacts of a campaign's lists into the campaign."""

from datetime import datetime

from django.db import connection, transaction

from accounts import audit
from accounts.models import User
from callcenter import clock, live
from campaigns.models import Campaign, CampaignStatus
from campaigns.services.readiness import check_ready
from campaigns.services.status import lock, move

# Identifiers are UUIDv7 (RFC 9562) as everywhere, with a counter in the 24 bits behind the time, so that the contacts
# keep the order of their lists.
ENROL = """
    INSERT INTO campaigns_campaigncontact
        (id, campaign_id, contact_id, status, attempts, next_attempt_at, is_callback, reason, last_outcome, disposition)
    SELECT (
            lpad(to_hex(%(milliseconds)s::bigint), 12, '0')
            || '7' || lpad(to_hex((position >> 12) & 4095), 3, '0')
            || '8' || lpad(to_hex(position & 4095), 3, '0')
            || left(replace(gen_random_uuid()::text, '-', ''), 12)
        )::uuid, %(campaign)s, contact_id, 'pending', 0, %(now)s, false, '', '', ''
    FROM (
        SELECT listed.contact_id, row_number() OVER (ORDER BY min(listed.id)) AS position
        FROM contacts_contactlistmembership listed
        JOIN campaigns_campaign_lists chosen ON chosen.contactlist_id = listed.contact_list_id
        WHERE chosen.campaign_id = %(campaign)s AND NOT EXISTS (
            SELECT FROM campaigns_campaigncontact enrolled
            WHERE enrolled.campaign_id = %(campaign)s AND enrolled.contact_id = listed.contact_id
        )
        GROUP BY listed.contact_id
    ) AS newcomers
    ON CONFLICT (campaign_id, contact_id) DO NOTHING
"""


# Who was blocked for want of a legal basis that is on record by now, or will begin: the dialer judges the date.
READMIT = """
    UPDATE campaigns_campaigncontact member
    SET status = 'pending', reason = '', reason_at = %(now)s, next_attempt_at = %(now)s
    FROM campaigns_campaign campaign
    WHERE campaign.id = member.campaign_id AND campaign.status = ANY(%(statuses)s)
        AND (%(campaign)s::uuid IS NULL OR campaign.id = %(campaign)s)
        AND member.status = 'blocked' AND member.reason = 'no_legal_basis'
        AND (campaign.required_basis = 'practice' OR EXISTS (
            SELECT FROM contacts_consentrecord consent
            WHERE consent.contact_id = member.contact_id AND consent.basis = campaign.required_basis
                AND (consent.expires_at IS NULL OR consent.expires_at > greatest(consent.obtained_at, %(now)s))
        ))
    RETURNING member.campaign_id
"""


def enrol_contacts(*, campaign: Campaign, now: datetime) -> int:
    """Make a pending membership for each listed contact that has none; returns how many were made."""
    with connection.cursor() as cursor:
        cursor.execute(ENROL, {"campaign": campaign.pk, "now": now, "milliseconds": int(now.timestamp() * 1000)})
        return cursor.rowcount


def readmit_contacts(*, now: datetime, campaign: Campaign | None = None) -> int:
    """Let those wait again who were blocked for want of a legal basis that has been recorded since.

    In one campaign, or in all that are at work; a finished one is only opened again by `add_new_contacts`.
    """
    at_work = [CampaignStatus.RUNNING, CampaignStatus.PAUSED]
    statuses = list(CampaignStatus) if campaign else at_work
    with connection.cursor() as cursor:
        cursor.execute(READMIT, {"now": now, "statuses": statuses, "campaign": campaign.pk if campaign else None})
        campaigns = [row[0] for row in cursor.fetchall()]
    if campaigns:
        live.nudge(*(f"campaigns/{pk}" for pk in set(campaigns)), "home")
    return len(campaigns)


def add_new_contacts(*, campaign: Campaign, user: User | None) -> int:
    """Take in who came onto the lists, or has a legal basis, since the start.

    A finished campaign then waits, paused, to be resumed.
    """
    check_ready(campaign)
    with transaction.atomic():
        lock(campaign)
        now = clock.now()
        added = enrol_contacts(campaign=campaign, now=now) + readmit_contacts(now=now, campaign=campaign)
        audit.record(action="campaign_contacts_added", subject=campaign, user=user, added=added)
        if added:
            move(campaign, from_=[CampaignStatus.FINISHED], to=CampaignStatus.PAUSED, user=user, finished_at=None)
        live.nudge(f"campaigns/{campaign.pk}", "home")
    return added
