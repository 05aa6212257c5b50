ALTER TABLE `cycle_readings` ADD `community` real;
ALTER TABLE `model_views` ADD `own` integer;