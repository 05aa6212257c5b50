CREATE TABLE `allocations` (
	`holder_id` text NOT NULL,
	`date` text NOT NULL,
	`client_order_id` text NOT NULL,
	`request` text NOT NULL,
	`parts` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	PRIMARY KEY(`holder_id`, `date`, `client_order_id`)
);

CREATE TABLE `holder_changes` (
	`change_id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`holder_id` text NOT NULL,
	`at_ms` integer NOT NULL,
	`changed_by` text NOT NULL,
	`action` text NOT NULL,
	`detail` text NOT NULL,
	`reason` text NOT NULL
);

CREATE INDEX `holder_changes_page` ON `holder_changes` (`holder_id`,`change_id`);
CREATE TABLE `holders` (
	`holder_id` text PRIMARY KEY NOT NULL,
	`display_name` text NOT NULL,
	`category` text NOT NULL,
	`accounts_max` integer,
	`created_at_ms` integer NOT NULL
);

ALTER TABLE `accounts` ADD `holder_id` text;
CREATE INDEX `accounts_holder` ON `accounts` (`holder_id`);
ALTER TABLE `trades` ADD `option_type` text;
ALTER TABLE `trades` ADD `list_id` text;
ALTER TABLE `trades` ADD `leg_index` integer;
-- What the journals say of trades that were stored before: CE is a call, PE a put, and no trade had a list.
UPDATE `trades` SET `option_type` = CASE WHEN `instrument_id` LIKE '%CE.%' THEN 'CALL' ELSE 'PUT' END;
