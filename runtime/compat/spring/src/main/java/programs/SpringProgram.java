package programs;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.http.MediaType;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** A server on Spring Boot, with a database; its argument is the port. */
@SpringBootApplication
@RestController
public class SpringProgram {
    private final JdbcTemplate database;

    public SpringProgram(JdbcTemplate database) {
        this.database = database;
    }

    public static void main(String[] args) {
        SpringApplication.run(SpringProgram.class, "--server.port=" + args[0]);
    }

    /** Greets with a word from the database. */
    @GetMapping(path = "/", produces = MediaType.TEXT_PLAIN_VALUE)
    public String hello() {
        String greeting = database.queryForObject("select words from greeting", String.class);
        return greeting + " from worker " + System.getenv("CORRAL_ID") + "\n";
    }
}
