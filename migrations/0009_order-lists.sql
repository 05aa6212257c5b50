CREATE TABLE `order_lists` (
	`account_id` text NOT NULL,
	`list_id` text NOT NULL,
	`sequence` integer NOT NULL,
	`date` text NOT NULL,
	`kind` text NOT NULL,
	`structure` text,
	`stage` text NOT NULL,
	`reason` text,
	`sets` integer NOT NULL,
	`kept_sets` integer,
	`purpose` text NOT NULL,
	`exit_reason` text,
	`on_incomplete` text NOT NULL,
	`complete_by_ms` integer,
	`time_exit_ms` integer,
	`origin` text NOT NULL,
	`strategy_id` text,
	`cycle_id` text,
	`signal_id` text,
	`denial_code` text,
	`legs` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	`updated_at_ms` integer NOT NULL,
	PRIMARY KEY(`account_id`, `date`, `list_id`)
);

CREATE INDEX `order_lists_page` ON `order_lists` (`account_id`,`date`,`created_at_ms`,`list_id`);
ALTER TABLE `orders` ADD `slices` integer;
CREATE INDEX `orders_list` ON `orders` (`account_id`,`date`,`list_id`) WHERE list_id IS NOT NULL;