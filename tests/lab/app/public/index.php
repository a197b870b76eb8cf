<?php
// The application of the lab: small enough to read, and it touches every system of the platform.
//
//   GET  /                 says who answered, counts this visitor's requests in the session
//   GET  /health           200 when nothing is missing
//   POST /orders?id=ID     writes a row through the write port
//   GET  /orders           prints every row's id, read through the write port (?from=read: the other)
//   DELETE /orders/all     destroys every row
//   POST /files?name=NAME  writes the request's body to shared storage
//   GET  /files?name=NAME  prints it
//   GET  /log?text=TEXT    writes a line to the log
//   GET  /fail?text=TEXT   fails with an error nobody catches

declare(strict_types=1);

function database(bool $write): PDO
{
    $driver = ['postgresql' => 'pgsql'][getenv('DB_DRIVER')] ?? 'mysql';
    $port = $write ? getenv('DB_PORT') : getenv('DB_READ_PORT');
    $options = [PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION, PDO::ATTR_TIMEOUT => 3];
    if ($driver === 'mysql' && getenv('DB_SSL_CA')) {
        // The proxy beside the application does not show the server's own name.
        $options[PDO::MYSQL_ATTR_SSL_CA] = getenv('DB_SSL_CA');
        $options[PDO::MYSQL_ATTR_SSL_VERIFY_SERVER_CERT] = false;
    }
    $source = sprintf('%s:host=%s;port=%s;dbname=%s', $driver, getenv('DB_HOST'), $port, getenv('DB_NAME'));
    return new PDO($source, getenv('DB_USER'), getenv('DB_PASSWORD'), $options);
}

function answer(string $text, int $status = 200): never
{
    http_response_code($status);
    header('Content-Type: text/plain');
    header('X-Machine: ' . gethostname());
    header('X-Release: ' . basename(dirname(__DIR__)));
    echo $text, "\n";
    exit;
}

function name(): string
{
    $name = $_GET['name'] ?? '';
    if (!preg_match('/^[a-z0-9-]{1,40}$/', $name)) {
        answer('a name has letters, digits and hyphens', 400);
    }
    return getenv('SHARED_PATH') . '/lab/' . $name;
}

$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
$request = $_SERVER['REQUEST_METHOD'] . ' ' . $path;
switch ($request) {
    case 'GET /':
        session_start();
        $_SESSION['requests'] = ($_SESSION['requests'] ?? 0) + 1;
        answer(sprintf('%s served request %d', gethostname(), $_SESSION['requests']));
    case 'GET /health':
        answer('well');
    case 'POST /orders':
        $statement = database(write: true)->prepare('INSERT INTO orders (id, machine) VALUES (?, ?)');
        $statement->execute([$_GET['id'] ?? '', gethostname()]);
        answer('written');
    case 'GET /orders':
        $rows = database(write: ($_GET['from'] ?? '') !== 'read')->query('SELECT id FROM orders ORDER BY id');
        answer(implode("\n", $rows->fetchAll(PDO::FETCH_COLUMN)));
    case 'DELETE /orders/all':
        database(write: true)->exec('DELETE FROM orders');
        answer('deleted');
    case 'POST /files':
        $file = name();
        if (!is_dir(dirname($file)) && !mkdir(dirname($file)) && !is_dir(dirname($file))) {
            throw new RuntimeException('shared storage takes no folder');
        }
        if (file_put_contents($file, file_get_contents('php://input')) === false) {
            throw new RuntimeException('shared storage takes no file');
        }
        answer('written');
    case 'GET /files':
        answer((string) file_get_contents(name()));
    case 'GET /log':
        error_log($_GET['text'] ?? '');
        answer('logged');
    case 'GET /fail':
        throw new RuntimeException($_GET['text'] ?? 'nothing in particular');
    default:
        answer('no such page', 404);
}
