-- How accounts usually spend their day: by the end of each hour of their own clock, in ten-thousandths of the day's spend.
alter table particulars add column day_curve int2[] check (cardinality(day_curve) = 24);
-- The middle of its accounts' curves, for accounts that have none of their own yet.
alter table vendors add column day_curve int2[] check (cardinality(day_curve) = 24);
