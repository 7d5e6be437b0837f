package programs

import org.apache.pekko.actor.typed.scaladsl.AskPattern.*
import org.apache.pekko.actor.typed.scaladsl.Behaviors
import org.apache.pekko.actor.typed.{ActorRef, ActorSystem, Behavior}
import org.apache.pekko.http.scaladsl.Http
import org.apache.pekko.http.scaladsl.server.Directives.*
import org.apache.pekko.util.Timeout

import scala.concurrent.Await
import scala.concurrent.duration.*

/** A server on Pekko HTTP, whose answers come from an actor; its argument is the port. */
object PekkoProgram:
  private final case class Greet(replyTo: ActorRef[String])

  private def greeter(greeting: String): Behavior[Greet] = Behaviors.receiveMessage: message =>
    message.replyTo ! greeting
    Behaviors.same

  def main(args: Array[String]): Unit =
    val greeting = s"hello from worker ${System.getenv("CORRAL_ID")}\n"
    given system: ActorSystem[Greet] = ActorSystem(greeter(greeting), "program")
    given Timeout = 30.seconds
    val route = pathSingleSlash(get(complete(system.ask[String](Greet(_)))))
    val binding = Http().newServerAt("0.0.0.0", args(0).toInt).bind(route)
    Await.result(binding, 30.seconds).addToCoordinatedShutdown(hardTerminationDeadline = 10.seconds)
