CREATE TABLE `cycle_readings` (
	`date` text NOT NULL,
	`cycle` integer NOT NULL,
	`underlying` text NOT NULL,
	`vix_centi` integer,
	`chain` text,
	`at_ms` integer NOT NULL,
	PRIMARY KEY(`date`, `cycle`, `underlying`)
);

ALTER TABLE `model_views` ADD `paid` integer;