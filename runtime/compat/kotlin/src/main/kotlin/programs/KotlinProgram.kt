package programs

import io.ktor.server.cio.CIO
import io.ktor.server.engine.embeddedServer
import io.ktor.server.response.respondText
import io.ktor.server.routing.get
import io.ktor.server.routing.routing
import kotlin.time.Duration.Companion.milliseconds
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.withContext

/** A server on Ktor that answers in coroutines of several dispatchers; its argument is the port. */
fun main(args: Array<String>) {
    embeddedServer(CIO, port = args[0].toInt()) {
        routing {
            get("/") { call.respondText(greeting()) }
        }
    }.start(wait = true)
}

private suspend fun greeting(): String = coroutineScope {
    val words = async(Dispatchers.Default) {
        delay(1.milliseconds)
        "hello from worker"
    }
    val worker = withContext(Dispatchers.IO) { System.getenv("CORRAL_ID") }
    "${words.await()} $worker\n"
}
