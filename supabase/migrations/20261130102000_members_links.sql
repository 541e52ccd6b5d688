-- Links of one member: to a new password, and from the password to the second step of signing in.

alter table one_time_links
  drop constraint one_time_links_purpose_check,
  add constraint one_time_links_purpose_check
    check (purpose in ('first_admin', 'alert', 'password_reset', 'second_step')),
  add column member_id uuid references members;
create index one_time_links_member on one_time_links (member_id) where member_id is not null;
