CREATE TABLE `accounts` (
	`account_id` text PRIMARY KEY NOT NULL,
	`display_name` text NOT NULL,
	`category` text NOT NULL,
	`status` text NOT NULL,
	`created_at_ms` integer NOT NULL
);

CREATE TABLE `api_keys` (
	`key_id` text PRIMARY KEY NOT NULL,
	`secret_hash` text NOT NULL,
	`account_id` text,
	`scopes` text NOT NULL,
	`name` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	`expires_at_ms` integer,
	`revoked_at_ms` integer
);

CREATE INDEX `api_keys_account` ON `api_keys` (`account_id`);
CREATE TABLE `checkpoints` (
	`date` text PRIMARY KEY NOT NULL,
	`size` integer NOT NULL,
	`root` text NOT NULL,
	`at_ms` integer NOT NULL
);

CREATE TABLE `cycles` (
	`cycle_id` text PRIMARY KEY NOT NULL,
	`date` text NOT NULL,
	`cycle` integer NOT NULL,
	`start_ms` integer NOT NULL,
	`end_ms` integer NOT NULL,
	`vix_centi` integer,
	`generated_at_ms` integer NOT NULL
);

CREATE INDEX `cycles_page` ON `cycles` (`date`,`cycle`);
CREATE TABLE `dead_letters` (
	`id` text PRIMARY KEY NOT NULL,
	`queue` text NOT NULL,
	`body` text NOT NULL,
	`attempts` integer NOT NULL,
	`first_seen_ms` integer NOT NULL,
	`error` text NOT NULL,
	`state` text NOT NULL
);

CREATE INDEX `dead_letters_state` ON `dead_letters` (`state`,`first_seen_ms`,`id`);
CREATE TABLE `job_batches` (
	`batch_id` text PRIMARY KEY NOT NULL,
	`job_key` text NOT NULL,
	`date` text NOT NULL,
	`message` text NOT NULL,
	`state` text NOT NULL,
	`sent_ms` integer NOT NULL,
	`finished_ms` integer,
	`failure` text
);

CREATE INDEX `job_batches_job` ON `job_batches` (`job_key`,`state`);
CREATE INDEX `job_batches_pending` ON `job_batches` (`sent_ms`) WHERE state = 'PENDING';
CREATE TABLE `job_runs` (
	`job_key` text PRIMARY KEY NOT NULL,
	`date` text NOT NULL,
	`name` text NOT NULL,
	`cycle` integer,
	`phase` integer,
	`state` text NOT NULL,
	`at_ms` integer NOT NULL,
	`started_ms` integer NOT NULL,
	`finished_ms` integer,
	`failure` text
);

CREATE INDEX `job_runs_day` ON `job_runs` (`date`,`at_ms`);
CREATE TABLE `ledger_entries` (
	`account_id` text NOT NULL,
	`sequence` integer NOT NULL,
	`part` integer NOT NULL,
	`kind` text NOT NULL,
	`date` text NOT NULL,
	`at_ms` integer NOT NULL,
	`reference` text NOT NULL,
	`lines` text NOT NULL,
	`leaf` text NOT NULL,
	PRIMARY KEY(`account_id`, `sequence`, `part`)
);

CREATE INDEX `ledger_entries_page` ON `ledger_entries` (`account_id`,`date`,`sequence`,`part`);
CREATE INDEX `ledger_entries_log` ON `ledger_entries` (`date`,`account_id`,`sequence`,`part`);
CREATE TABLE `ledger_lines` (
	`account_id` text NOT NULL,
	`sequence` integer NOT NULL,
	`part` integer NOT NULL,
	`line` integer NOT NULL,
	`date` text NOT NULL,
	`ledger_account` text NOT NULL,
	`amount_paise` integer NOT NULL,
	PRIMARY KEY(`account_id`, `sequence`, `part`, `line`)
);

CREATE INDEX `ledger_lines_account` ON `ledger_lines` (`ledger_account`,`date`);
CREATE TABLE `notifications` (
	`account_id` text NOT NULL,
	`sequence` integer NOT NULL,
	`kind` text NOT NULL,
	`title` text NOT NULL,
	`priority` text NOT NULL,
	`body` text NOT NULL,
	`date` text NOT NULL,
	`at_ms` integer NOT NULL,
	`read_at_ms` integer,
	PRIMARY KEY(`account_id`, `sequence`, `kind`, `title`)
);

CREATE INDEX `notifications_unread` ON `notifications` (`account_id`,`sequence`) WHERE read_at_ms IS NULL;
CREATE INDEX `notifications_day` ON `notifications` (`date`);
CREATE TABLE `orders` (
	`account_id` text NOT NULL,
	`client_order_id` text NOT NULL,
	`sequence` integer NOT NULL,
	`date` text NOT NULL,
	`instrument_id` text NOT NULL,
	`underlying` text NOT NULL,
	`side` text NOT NULL,
	`type` text NOT NULL,
	`time_in_force` text NOT NULL,
	`quantity_units` integer NOT NULL,
	`limit_price_paise` integer NOT NULL,
	`purpose` text NOT NULL,
	`exit_reason` text,
	`origin` text NOT NULL,
	`cycle_id` text,
	`signal_id` text,
	`status` text NOT NULL,
	`filled_units` integer NOT NULL,
	`filled_value_paise` integer NOT NULL,
	`venue_order_id` text,
	`denial_code` text,
	`reject_reason` text,
	`created_at_ms` integer NOT NULL,
	`updated_at_ms` integer NOT NULL,
	PRIMARY KEY(`account_id`, `client_order_id`)
);

CREATE INDEX `orders_page` ON `orders` (`account_id`,`date`,`sequence`);
CREATE INDEX `orders_day` ON `orders` (`date`,`status`);
CREATE TABLE `positions` (
	`account_id` text NOT NULL,
	`date` text NOT NULL,
	`instrument_id` text NOT NULL,
	`sequence` integer NOT NULL,
	`underlying` text NOT NULL,
	`net_units` integer NOT NULL,
	`cost_paise` integer NOT NULL,
	`realised_paise` integer NOT NULL,
	`opened_at_ms` integer NOT NULL,
	`updated_at_ms` integer NOT NULL,
	PRIMARY KEY(`account_id`, `date`, `instrument_id`)
);

CREATE INDEX `positions_page` ON `positions` (`account_id`,`date`,`sequence`);
CREATE INDEX `positions_day` ON `positions` (`date`);
CREATE TABLE `reports` (
	`account_id` text NOT NULL,
	`date` text NOT NULL,
	`sequence` integer NOT NULL,
	`report` text NOT NULL,
	`at_ms` integer NOT NULL,
	PRIMARY KEY(`account_id`, `date`)
);

CREATE INDEX `reports_page` ON `reports` (`account_id`,`date`,`sequence`);
CREATE TABLE `sessions` (
	`date` text PRIMARY KEY NOT NULL,
	`mode` text NOT NULL,
	`meta` text NOT NULL,
	`account_ids` text NOT NULL,
	`loaded_at_ms` integer NOT NULL
);

CREATE TABLE `settlements` (
	`account_id` text NOT NULL,
	`date` text NOT NULL,
	`stage` text NOT NULL,
	`sequence` integer NOT NULL,
	`realised_paise` integer NOT NULL,
	`charges_paise` integer NOT NULL,
	`gross_profit_paise` integer NOT NULL,
	`fee_paise` integer NOT NULL,
	`gst_on_fee_paise` integer NOT NULL,
	`tax_lock_paise` integer NOT NULL,
	`net_to_savings_paise` integer NOT NULL,
	`rounding_buffer_paise` integer NOT NULL,
	`payout_paise` integer NOT NULL,
	`worksheet` text NOT NULL,
	`at_ms` integer NOT NULL,
	PRIMARY KEY(`account_id`, `date`, `stage`)
);

CREATE INDEX `settlements_page` ON `settlements` (`account_id`,`date`,`sequence`);
CREATE INDEX `settlements_day` ON `settlements` (`date`);
CREATE TABLE `signals` (
	`signal_id` text PRIMARY KEY NOT NULL,
	`cycle_id` text NOT NULL,
	`date` text NOT NULL,
	`underlying` text NOT NULL,
	`direction` text NOT NULL,
	`confidence_bps` integer NOT NULL,
	`reason` text NOT NULL,
	`instrument_id` text,
	`signal` text NOT NULL,
	`at_ms` integer NOT NULL
);

CREATE INDEX `signals_page` ON `signals` (`date`,`at_ms`,`signal_id`);
CREATE INDEX `signals_cycle` ON `signals` (`cycle_id`);
CREATE TABLE `trades` (
	`account_id` text NOT NULL,
	`execution_id` text NOT NULL,
	`sequence` integer NOT NULL,
	`date` text NOT NULL,
	`client_order_id` text NOT NULL,
	`instrument_id` text NOT NULL,
	`underlying` text NOT NULL,
	`side` text NOT NULL,
	`purpose` text NOT NULL,
	`units` integer NOT NULL,
	`price_paise` integer NOT NULL,
	`realised_paise` integer NOT NULL,
	`accrued_charges_paise` integer NOT NULL,
	`modelled` integer NOT NULL,
	`strategy` text NOT NULL,
	`signal_id` text,
	`exit_reason` text,
	`at_ms` integer NOT NULL,
	PRIMARY KEY(`account_id`, `execution_id`)
);

CREATE INDEX `trades_page` ON `trades` (`account_id`,`date`,`sequence`);
CREATE INDEX `trades_day` ON `trades` (`date`);
CREATE TABLE `transfers` (
	`account_id` text NOT NULL,
	`transfer_id` text NOT NULL,
	`sequence` integer NOT NULL,
	`date` text NOT NULL,
	`kind` text NOT NULL,
	`amount_paise` integer NOT NULL,
	`tax_lock_paise` integer NOT NULL,
	`status` text NOT NULL,
	`rail` text NOT NULL,
	`rail_reference` text,
	`failure` text,
	`requested_at_ms` integer NOT NULL,
	`completed_at_ms` integer,
	PRIMARY KEY(`account_id`, `transfer_id`)
);

CREATE INDEX `transfers_page` ON `transfers` (`account_id`,`date`,`sequence`);
CREATE INDEX `transfers_day` ON `transfers` (`date`);