CREATE TABLE `order_checks` (
	`account_id` text NOT NULL,
	`sequence` integer NOT NULL,
	`date` text NOT NULL,
	`client_order_id` text NOT NULL,
	`purpose` text NOT NULL,
	`status` text NOT NULL,
	`rule_id` text,
	`algo_id` text,
	`checks` text NOT NULL,
	`denial` text,
	`at_ms` integer NOT NULL,
	PRIMARY KEY(`account_id`, `sequence`)
);

CREATE INDEX `order_checks_page` ON `order_checks` (`account_id`,`date`,`sequence`);
CREATE INDEX `order_checks_day` ON `order_checks` (`date`,`status`);
CREATE TABLE `restrictions` (
	`restriction_id` text PRIMARY KEY NOT NULL,
	`source` text NOT NULL,
	`type` text NOT NULL,
	`symbol` text NOT NULL,
	`from_date` text NOT NULL,
	`to_date` text,
	`message` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	`created_by` text NOT NULL,
	`lifted_at_ms` integer,
	`lifted_by` text
);

CREATE INDEX `restrictions_page` ON `restrictions` (`created_at_ms`,`restriction_id`);