CREATE TABLE `__new_orders` (
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
	PRIMARY KEY(`account_id`, `date`, `client_order_id`)
);

INSERT INTO `__new_orders`("account_id", "client_order_id", "sequence", "date", "instrument_id", "underlying", "side", "type", "time_in_force", "quantity_units", "limit_price_paise", "purpose", "exit_reason", "origin", "cycle_id", "signal_id", "status", "filled_units", "filled_value_paise", "venue_order_id", "denial_code", "reject_reason", "created_at_ms", "updated_at_ms") SELECT "account_id", "client_order_id", "sequence", "date", "instrument_id", "underlying", "side", "type", "time_in_force", "quantity_units", "limit_price_paise", "purpose", "exit_reason", "origin", "cycle_id", "signal_id", "status", "filled_units", "filled_value_paise", "venue_order_id", "denial_code", "reject_reason", "created_at_ms", "updated_at_ms" FROM `orders`;
DROP TABLE `orders`;
ALTER TABLE `__new_orders` RENAME TO `orders`;
CREATE INDEX `orders_page` ON `orders` (`account_id`,`date`,`sequence`);
CREATE INDEX `orders_day` ON `orders` (`date`,`status`);
CREATE TABLE `__new_trades` (
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
	PRIMARY KEY(`account_id`, `date`, `execution_id`)
);

INSERT INTO `__new_trades`("account_id", "execution_id", "sequence", "date", "client_order_id", "instrument_id", "underlying", "side", "purpose", "units", "price_paise", "realised_paise", "accrued_charges_paise", "modelled", "strategy", "signal_id", "exit_reason", "at_ms") SELECT "account_id", "execution_id", "sequence", "date", "client_order_id", "instrument_id", "underlying", "side", "purpose", "units", "price_paise", "realised_paise", "accrued_charges_paise", "modelled", "strategy", "signal_id", "exit_reason", "at_ms" FROM `trades`;
DROP TABLE `trades`;
ALTER TABLE `__new_trades` RENAME TO `trades`;
CREATE INDEX `trades_page` ON `trades` (`account_id`,`date`,`sequence`);
CREATE INDEX `trades_day` ON `trades` (`date`);
