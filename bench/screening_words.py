"""Common names and words that negatives are made from: nobody in particular."""

from __future__ import annotations

from typing import Final


def _culture(given: str, family: str, most: int = 1) -> tuple[list[str], list[str], int]:
    return given.split(), family.split(), most


CULTURES: Final = {
    "english": _culture(
        "James John Robert Michael William David Richard Thomas Charles Daniel Mary Patricia Jennifer Linda Elizabeth "
        "Barbara Susan Jessica Sarah Karen Emily Oliver Harry George Amelia",
        "Smith Johnson Williams Brown Jones Miller Davis Wilson Anderson Taylor Moore Jackson Martin Thompson White "
        "Harris Clark Lewis Robinson Walker Young King Wright Hill Green Baker Turner Cooper",
        2),
    "spanish": _culture(
        "Jose Juan Antonio Francisco Manuel Carlos Luis Miguel Javier Pedro Maria Carmen Ana Isabel Laura Lucia Elena "
        "Rosa Marta Sofia Diego Alejandro Fernando Jorge",
        "Garcia Rodriguez Gonzalez Fernandez Lopez Martinez Sanchez Perez Gomez Martin Jimenez Ruiz Hernandez Diaz "
        "Moreno Alvarez Romero Torres Navarro Dominguez Vazquez Ramos Gil Ramirez Serrano",
        2),
    "portuguese": _culture(
        "Joao Pedro Paulo Lucas Gabriel Rafael Bruno Marcos Felipe Tiago Ana Beatriz Mariana Juliana Camila Larissa "
        "Fernanda Patricia Renata Aline",
        "Silva Santos Oliveira Souza Rodrigues Ferreira Alves Pereira Lima Gomes Costa Ribeiro Martins Carvalho "
        "Almeida Lopes Soares Fernandes Vieira Barbosa Rocha Dias Nunes",
        2),
    "french": _culture(
        "Jean Pierre Michel Philippe Alain Nicolas Christophe Julien Laurent Olivier Marie Nathalie Isabelle Sylvie "
        "Catherine Sandrine Camille Claire Sophie Julie",
        "Bernard Dubois Durand Leroy Moreau Laurent Lefebvre Girard Fournier Mercier Dupont Lambert Bonnet Francois "
        "Martinez Legrand Garnier Faure Rousseau Blanc Guerin Muller Henry Roussel"),
    "german": _culture(
        "Hans Peter Klaus Wolfgang Thomas Stefan Andreas Markus Sebastian Lukas Ursula Monika Petra Sabine Anna Lena "
        "Katharina Julia Claudia Birgit",
        "Mueller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Koch Bauer Richter Klein Wolf "
        "Schroeder Neumann Schwarz Zimmermann Braun Krueger Hofmann Hartmann Lange"),
    "italian": _culture(
        "Giuseppe Giovanni Antonio Mario Luigi Francesco Angelo Marco Andrea Alessandro Maria Anna Giulia Chiara "
        "Francesca Sara Elena Valentina Paola Laura",
        "Rossi Russo Ferrari Esposito Bianchi Romano Colombo Ricci Marino Greco Bruno Gallo Conti DeLuca Mancini "
        "Costa Giordano Rizzo Lombardi Moretti Barbieri Fontana"),
    "russian": _culture(
        "Aleksandr Sergey Vladimir Andrey Aleksey Dmitriy Mikhail Nikolay Ivan Yuriy Maksim Artem Denis Kirill Igor "
        "Oleg Pavel Roman Viktor Stanislav",
        "Ivanov Smirnov Kuznetsov Popov Vasilev Petrov Sokolov Mikhaylov Novikov Fedorov Morozov Volkov Alekseev "
        "Lebedev Semenov Egorov Pavlov Kozlov Stepanov Nikolaev Orlov Andreev Makarov Nikitin Zakharov"),
    "russian women": _culture(
        "Elena Olga Natalya Tatyana Irina Svetlana Anna Marina Ekaterina Yulia Galina Lyudmila Valentina Oksana "
        "Polina Darya Kseniya Vera",
        "Ivanova Smirnova Kuznetsova Popova Vasileva Petrova Sokolova Mikhaylova Novikova Fedorova Morozova Volkova "
        "Alekseeva Lebedeva Semenova Egorova Pavlova Kozlova Stepanova Nikolaeva Orlova"),
    "turkish": _culture(
        "Mehmet Mustafa Ahmet Ali Huseyin Hasan Ibrahim Ismail Osman Yusuf Fatma Ayse Emine Hatice Zeynep Elif Meryem "
        "Serife Sultan Murat Emre Burak Can Cem",
        "Yilmaz Kaya Demir Celik Sahin Yildiz Yildirim Ozturk Aydin Ozdemir Arslan Dogan Kilic Aslan Cetin Kara Koc "
        "Kurt Ozkan Simsek Polat Korkmaz Erdogan Gunes"),
    "arabic": _culture(
        "Mohammed Ahmed Ali Omar Khalid Hassan Youssef Ibrahim Abdullah Mahmoud Tariq Samir Karim Nabil Fatima Aisha "
        "Layla Noor Salma Huda Rania Zainab Walid Faisal",
        "Haddad Khoury Mansour Saleh Najjar Hamdan Nasser Aziz Rahman Sharif Qasim Darwish Farouk Salem Hariri Tawil "
        "Sabbagh Shami Masri Awad Younis Barakat Ghanem Zaki",
        2),
    "persian": _culture(
        "Mohammad Ali Reza Hossein Mehdi Amir Hamid Saeed Majid Farhad Maryam Zahra Fatemeh Leila Shirin Nasrin Mina "
        "Parisa Sara Nazanin",
        "Mohammadi Hosseini Ahmadi Karimi Moradi Jafari Rahimi Rezaei Hashemi Sadeghi Mousavi Ebrahimi Soltani "
        "Ghasemi Kazemi Bagheri Rostami Shirazi Tehrani Esfahani",
        2),
    "south asian": _culture(
        "Muhammad Imran Bilal Usman Asif Rahul Amit Sanjay Rajesh Vijay Priya Anjali Sunita Deepa Ayesha Sana Farah "
        "Kamran Tahir Naveed Arjun Rohan Suresh Anil",
        "Khan Ahmed Hussain Malik Iqbal Sheikh Butt Qureshi Chaudhry Sharma Patel Singh Kumar Gupta Verma Reddy Nair "
        "Mehta Joshi Das Rao Iyer Mishra Siddiqui",
        2),
    "chinese": _culture(
        "Wei Xiaoming Jing Lihua Guoqiang Yan Haifeng Meiling Junjie Xinyi Zihan Yuxuan Jianhua Xiuying Minghui "
        "Tingting Yong Bin Tao Chao Xiaoling Wenjie",
        "Wang Li Zhang Liu Chen Yang Huang Zhao Wu Zhou Xu Sun Ma Zhu Hu Guo He Lin Gao Luo Zheng Liang Xie Song Tang "
        "Deng Feng"),
    "korean": _culture(
        "Min-jun Seo-yeon Ji-hoon Hyun-woo Ji-woo Soo-jin Young-soo Eun-ji Sung-min Kyung-hee Dong-hyun Hye-jin "
        "Jae-won Mi-kyung Sang-hoon Yu-na Tae-hyung Bo-ra",
        "Kim Lee Park Choi Jung Kang Cho Yoon Jang Lim Han Oh Seo Shin Kwon Hwang Ahn Song Yoo Hong Jeon Moon"),
    "west african": _culture(
        "Chinedu Emeka Oluwaseun Tunde Kwame Kofi Amina Ngozi Chioma Adaeze Yaw Abena Ifeanyi Femi Bola Musa Ibrahim "
        "Blessing Grace Samuel",
        "Okafor Adeyemi Eze Okonkwo Balogun Mensah Owusu Boateng Adebayo Nwosu Diallo Traore Keita Toure Camara Bello "
        "Abubakar Danjuma Okoro Asante"),
    "indonesian": _culture(
        "Budi Agus Dewi Siti Putri Andi Rizky Ahmad Muhammad Sri Wahyu Indah Ratna Bambang Eko Joko Yuni Fitri Hendra "
        "Dian",
        "Santoso Wijaya Susanto Hidayat Setiawan Saputra Nugroho Kurniawan Gunawan Halim Lestari Purnomo Hartono "
        "Siregar Nasution Simanjuntak Pratama Utomo",
        2),
}  # fmt: skip
"""Given names, family names, and how many given names at most."""

COMPANY_FIRST: Final = [
    "Sunrise",
    "Golden",
    "Blue",
    "Green",
    "Northern",
    "Southern",
    "Pacific",
    "Atlantic",
    "Alpine",
    "Royal",
    "Silver",
    "Crystal",
    "United",
    "Premier",
    "Summit",
    "Delta",
    "Omega",
    "Nova",
    "Prime",
    "Harbor",
    "River",
    "Oak",
    "Maple",
    "Falcon",
    "Eagle",
    "Lion",
    "Tiger",
    "Phoenix",
    "Horizon",
    "Global",
    "Euro",
    "Asia",
    "Baltic",
    "Nordic",
    "Iberia",
    "Caspian",
    "Continental",
    "Metro",
    "Urban",
    "Digital",
    "Smart",
    "Fresh",
    "Pure",
    "Elite",
    "Modern",
    "Classic",
    "First",
    "Capital",
    "Unity",
    "Liberty",
    "Victory",
    "Diamond",
    "Emerald",
    "Amber",
    "Coral",
    "Orion",
]
COMPANY_SECOND: Final = [
    "Trading",
    "Logistics",
    "Shipping",
    "Consulting",
    "Foods",
    "Textiles",
    "Electronics",
    "Software",
    "Pharma",
    "Chemicals",
    "Metals",
    "Energy",
    "Petroleum",
    "Construction",
    "Engineering",
    "Investments",
    "Holdings",
    "Capital",
    "Partners",
    "Media",
    "Travel",
    "Tours",
    "Furniture",
    "Machinery",
    "Motors",
    "Plastics",
    "Packaging",
    "Agro",
    "Farms",
    "Bakery",
    "Design",
    "Studio",
    "Solutions",
    "Systems",
    "Technologies",
    "Services",
    "Industries",
    "International",
    "Exports",
    "Supplies",
    "Marine",
    "Aviation",
    "Insurance",
    "Properties",
    "Realty",
    "Medical",
    "Dental",
    "Optics",
    "Sports",
    "Fashion",
    "Cosmetics",
    "Steel",
    "Cement",
    "Ceramics",
]
COMPANY_ENDS: Final = (
    "Ltd",
    "Limited",
    "LLC",
    "GmbH",
    "SA",
    "Inc",
    "Co",
    "Corp",
    "SRL",
    "BV",
    "Company",
    "Pte Ltd",
    "LLP",
)
PATRONYMICS: Final = [
    "Aleksandrovich",
    "Sergeevich",
    "Vladimirovich",
    "Andreevich",
    "Alekseevich",
    "Dmitrievich",
    "Mikhaylovich",
    "Nikolaevich",
    "Ivanovich",
    "Yurevich",
    "Petrovich",
    "Viktorovich",
    "Anatolevich",
    "Vasilevich",
    "Borisovich",
    "Olegovich",
    "Igorevich",
    "Pavlovich",
    "Evgenevich",
    "Gennadevich",
]
