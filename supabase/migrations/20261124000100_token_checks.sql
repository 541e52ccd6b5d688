-- When a token is looked at and exchanged next. A check or a renewal is claimed by moving its time before Meta is asked, so that
-- several processes do it once, and an attempt that fails is not repeated at once.
alter table connection_tokens
  -- NULL = as soon as possible.
  add column check_due_at timestamptz,
  add column renewal_tried_at timestamptz;
