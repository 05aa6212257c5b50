CREATE TABLE `reconciliations` (
	`account_id` text NOT NULL,
	`sequence` integer NOT NULL,
	`date` text NOT NULL,
	`job_key` text,
	`cause` text NOT NULL,
	`at_ms` integer NOT NULL,
	`read_at_ms` integer NOT NULL,
	`orders_compared` integer NOT NULL,
	`fills_compared` integer NOT NULL,
	`positions_compared` integer NOT NULL,
	`found` integer NOT NULL,
	`raised` integer NOT NULL,
	`differences` text NOT NULL,
	PRIMARY KEY(`account_id`, `sequence`)
);

CREATE INDEX `reconciliations_job` ON `reconciliations` (`job_key`,`account_id`) WHERE job_key IS NOT NULL;