ALTER TABLE `trades` ADD `strike_paise` integer;
ALTER TABLE `trades` ADD `expiry` text;