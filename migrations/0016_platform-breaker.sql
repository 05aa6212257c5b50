CREATE TABLE `platform_watch` (
	`date` text PRIMARY KEY NOT NULL,
	`after_change_no` integer NOT NULL,
	`origin_result_paise` integer NOT NULL,
	`peak_result_paise` integer NOT NULL,
	`look` text NOT NULL,
	`at_ms` integer NOT NULL
);

ALTER TABLE `platform_switches` ADD `cause` text;
ALTER TABLE `platform_switches` ADD `evidence` text;