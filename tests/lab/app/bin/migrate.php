<?php
// Makes the tables. Run once per release, with the settings php-fpm would have.

declare(strict_types=1);

$settings = json_decode(file_get_contents('/etc/app/config.json'), true, flags: JSON_THROW_ON_ERROR);
$driver = $settings['DB_DRIVER'] === 'postgresql' ? 'pgsql' : 'mysql';
$source = sprintf('%s:host=%s;port=%s;dbname=%s', $driver, $settings['DB_HOST'], $settings['DB_PORT'], $settings['DB_NAME']);
$options = [PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION];
if ($driver === 'mysql' && isset($settings['DB_SSL_CA'])) {
    $options[PDO::MYSQL_ATTR_SSL_CA] = $settings['DB_SSL_CA'];
    $options[PDO::MYSQL_ATTR_SSL_VERIFY_SERVER_CERT] = false;
}
$database = new PDO($source, $settings['DB_USER'], $settings['DB_PASSWORD'], $options);
$database->exec('CREATE TABLE IF NOT EXISTS orders (id VARCHAR(40) PRIMARY KEY, machine VARCHAR(63) NOT NULL)');
