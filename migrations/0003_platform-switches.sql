CREATE TABLE `halt_proofs` (
	`account_id` text NOT NULL,
	`halt_id` text NOT NULL,
	`sequence` integer NOT NULL,
	`date` text NOT NULL,
	`scope` text NOT NULL,
	`status` text NOT NULL,
	`tripped_at_ms` integer NOT NULL,
	`proven_at_ms` integer,
	`duration_ms` integer,
	`finding` text,
	PRIMARY KEY(`account_id`, `halt_id`)
);

CREATE INDEX `halt_proofs_halt` ON `halt_proofs` (`halt_id`);
CREATE TABLE `platform_switches` (
	`change_no` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`halt_id` text NOT NULL,
	`action` text NOT NULL,
	`scope` text NOT NULL,
	`reason` text NOT NULL,
	`by_key` text NOT NULL,
	`at_ms` integer NOT NULL,
	`gated_ms` integer
);
