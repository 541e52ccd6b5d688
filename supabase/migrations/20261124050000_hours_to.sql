-- How far the account-hours have been read: a night whose hours could not be read, or that nobody was there for, is made up.
alter table particulars add column hours_to date;
update particulars set hours_to = closed_day where hours_from is not null;
