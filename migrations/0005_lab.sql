CREATE TABLE `bar_days` (
	`index_name` text NOT NULL,
	`interval_ms` integer NOT NULL,
	`date` text NOT NULL,
	`source` text NOT NULL,
	`count` integer NOT NULL,
	`bars` text NOT NULL,
	`stored_at_ms` integer NOT NULL,
	PRIMARY KEY(`index_name`, `interval_ms`, `date`)
);

CREATE TABLE `lab_runs` (
	`run_id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`account_id` text,
	`started_by` text NOT NULL,
	`request` text NOT NULL,
	`state` text NOT NULL,
	`progress_bps` integer NOT NULL,
	`note` text NOT NULL,
	`result` text,
	`created_at_ms` integer NOT NULL,
	`changed_at_ms` integer NOT NULL
);

CREATE INDEX `lab_runs_page` ON `lab_runs` (`created_at_ms`,`run_id`);
CREATE INDEX `lab_runs_account` ON `lab_runs` (`account_id`,`created_at_ms`);
CREATE TABLE `model_changes` (
	`change_no` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`model_id` text NOT NULL,
	`from_state` text,
	`to_state` text NOT NULL,
	`changed_by` text NOT NULL,
	`reason` text NOT NULL,
	`at_ms` integer NOT NULL
);

CREATE INDEX `model_changes_model` ON `model_changes` (`model_id`,`change_no`);
CREATE TABLE `model_parts` (
	`model_id` text NOT NULL,
	`part` integer NOT NULL,
	`body` blob NOT NULL,
	PRIMARY KEY(`model_id`, `part`)
);

CREATE TABLE `model_views` (
	`model_id` text NOT NULL,
	`cycle_id` text NOT NULL,
	`underlying` text NOT NULL,
	`direction` text NOT NULL,
	`confidence_bps` integer NOT NULL,
	`shares` text,
	`outcome` integer,
	`at_ms` integer NOT NULL,
	PRIMARY KEY(`model_id`, `cycle_id`, `underlying`)
);

CREATE TABLE `models` (
	`model_id` text PRIMARY KEY NOT NULL,
	`state` text NOT NULL,
	`from_date` text NOT NULL,
	`to_date` text NOT NULL,
	`bytes_sha256` text NOT NULL,
	`data_sha256` text NOT NULL,
	`code_sha256` text NOT NULL,
	`options` text NOT NULL,
	`figures` text NOT NULL,
	`run_id` text,
	`trained_at_ms` integer NOT NULL,
	`promoted_at_ms` integer
);

CREATE INDEX `models_state` ON `models` (`state`,`to_date`);