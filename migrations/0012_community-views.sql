CREATE TABLE `community_views` (
	`account_id` text NOT NULL,
	`cycle_id` text NOT NULL,
	`underlying` text NOT NULL,
	`direction` text NOT NULL,
	`confidence_bps` integer NOT NULL,
	`from_ms` integer NOT NULL,
	`stored_at_ms` integer NOT NULL,
	`outcome` integer,
	PRIMARY KEY(`account_id`, `cycle_id`, `underlying`)
);

CREATE INDEX `community_views_cycle` ON `community_views` (`cycle_id`,`underlying`);