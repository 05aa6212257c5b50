DROP INDEX `ledger_entries_log`;
ALTER TABLE `ledger_entries` ADD `sealed_on` text;
UPDATE `ledger_entries` SET `sealed_on` = `date` WHERE EXISTS (SELECT 1 FROM `checkpoints` WHERE `checkpoints`.`date` = `ledger_entries`.`date` AND `checkpoints`.`at_ms` >= `ledger_entries`.`at_ms`);
CREATE INDEX `ledger_entries_seal` ON `ledger_entries` (`sealed_on`,`account_id`,`sequence`,`part`);
