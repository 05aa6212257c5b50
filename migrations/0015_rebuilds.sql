CREATE TABLE `rebuilds` (
	`account_id` text PRIMARY KEY NOT NULL,
	`state` text NOT NULL,
	`through_sequence` integer NOT NULL,
	`written` integer NOT NULL,
	`started_ms` integer NOT NULL,
	`moved_ms` integer NOT NULL,
	`failure` text
);

CREATE INDEX `rebuilds_state` ON `rebuilds` (`state`,`account_id`);