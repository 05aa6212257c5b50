CREATE TABLE `strategies` (
	`strategy_id` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`name` text NOT NULL,
	`version` integer NOT NULL,
	`title` text NOT NULL,
	`definition` text NOT NULL,
	`hash` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	`retired_at_ms` integer
);

CREATE INDEX `strategies_account` ON `strategies` (`account_id`,`name`,`version`);
CREATE TABLE `strategy_deployments` (
	`account_id` text NOT NULL,
	`instance_id` text NOT NULL,
	`strategy_id` text NOT NULL,
	`underlying` text NOT NULL,
	`at_ms` integer NOT NULL,
	PRIMARY KEY(`account_id`, `instance_id`)
);

CREATE INDEX `strategy_deployments_underlying` ON `strategy_deployments` (`underlying`);